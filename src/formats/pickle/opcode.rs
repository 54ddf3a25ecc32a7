//! Pickle's instructions, under the names of Python's `pickletools`.

macro_rules! opcodes {
    ($($name:ident = $code:expr;)*) => { $(pub(super) const $name: u8 = $code;)* };
}

// All of protocols 0 to 5, apart from those that take an object from outside of the pickle.
opcodes! {
    MARK = b'('; STOP = b'.'; NONE = b'N'; NEWTRUE = 0x88; NEWFALSE = 0x89;
    POP = b'0'; POP_MARK = b'1'; DUP = b'2'; PROTO = 0x80; FRAME = 0x95;
    INT = b'I'; LONG = b'L'; FLOAT = b'F'; STRING = b'S'; UNICODE = b'V';
    BININT = b'J'; BININT1 = b'K'; BININT2 = b'M'; LONG1 = 0x8a; LONG4 = 0x8b; BINFLOAT = b'G';
    BINSTRING = b'T'; SHORT_BINSTRING = b'U';
    BINUNICODE = b'X'; SHORT_BINUNICODE = 0x8c; BINUNICODE8 = 0x8d;
    BINBYTES = b'B'; SHORT_BINBYTES = b'C'; BINBYTES8 = 0x8e; BYTEARRAY8 = 0x96;
    EMPTY_TUPLE = b')'; TUPLE = b't'; TUPLE1 = 0x85; TUPLE2 = 0x86; TUPLE3 = 0x87;
    EMPTY_LIST = b']'; LIST = b'l'; APPEND = b'a'; APPENDS = b'e';
    EMPTY_DICT = b'}'; DICT = b'd'; SETITEM = b's'; SETITEMS = b'u';
    EMPTY_SET = 0x8f; ADDITEMS = 0x90; FROZENSET = 0x91;
    PUT = b'p'; BINPUT = b'q'; LONG_BINPUT = b'r'; MEMOIZE = 0x94;
    GET = b'g'; BINGET = b'h'; LONG_BINGET = b'j';
    GLOBAL = b'c'; STACK_GLOBAL = 0x93; REDUCE = b'R'; BUILD = b'b'; INST = b'i'; OBJ = b'o';
    NEWOBJ = 0x81; NEWOBJ_EX = 0x92; PERSID = b'P'; BINPERSID = b'Q';
}

/// The others, which are refused: names by number, which only a program's own register has, and buffers
/// that travel beside the pickle.
const FORBIDDEN: &[(u8, &str)] = &[
    (0x82, "EXT1"),
    (0x83, "EXT2"),
    (0x84, "EXT4"),
    (0x97, "NEXT_BUFFER"),
    (0x98, "READONLY_BUFFER"),
];

/// The name of an instruction that we do not follow.
pub(super) fn name(code: u8) -> String {
    let known = FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == code);
    known.map_or_else(|| format!("{code:#04x}"), |(_, name)| (*name).to_owned())
}
