//! Pickle's instructions, under the names of Python's `pickletools`.

macro_rules! opcodes {
    ($($name:ident = $code:expr;)*) => { $(pub(super) const $name: u8 = $code;)* };
}

// What torch.save writes, in protocols 2 to 5.
opcodes! {
    MARK = b'('; STOP = b'.'; NONE = b'N'; NEWTRUE = 0x88; NEWFALSE = 0x89;
    PROTO = 0x80; FRAME = 0x95;
    BININT = b'J'; BININT1 = b'K'; BININT2 = b'M'; LONG1 = 0x8a; BINFLOAT = b'G';
    BINUNICODE = b'X'; SHORT_BINUNICODE = 0x8c;
    EMPTY_TUPLE = b')'; TUPLE = b't'; TUPLE1 = 0x85; TUPLE2 = 0x86; TUPLE3 = 0x87;
    EMPTY_LIST = b']'; APPEND = b'a'; APPENDS = b'e';
    EMPTY_DICT = b'}'; SETITEM = b's'; SETITEMS = b'u';
    BINPUT = b'q'; LONG_BINPUT = b'r'; MEMOIZE = 0x94; BINGET = b'h'; LONG_BINGET = b'j';
    GLOBAL = b'c'; STACK_GLOBAL = 0x93; REDUCE = b'R'; BUILD = b'b'; BINPERSID = b'Q';
}

/// The others, which are refused.
const FORBIDDEN: &[(u8, &str)] = &[
    (b'0', "POP"),
    (b'1', "POP_MARK"),
    (b'2', "DUP"),
    (b'F', "FLOAT"),
    (b'I', "INT"),
    (b'L', "LONG"),
    (b'P', "PERSID"),
    (b'S', "STRING"),
    (b'T', "BINSTRING"),
    (b'U', "SHORT_BINSTRING"),
    (b'V', "UNICODE"),
    (b'B', "BINBYTES"),
    (b'C', "SHORT_BINBYTES"),
    (b'd', "DICT"),
    (b'g', "GET"),
    (b'i', "INST"),
    (b'l', "LIST"),
    (b'o', "OBJ"),
    (b'p', "PUT"),
    (0x81, "NEWOBJ"),
    (0x82, "EXT1"),
    (0x83, "EXT2"),
    (0x84, "EXT4"),
    (0x8b, "LONG4"),
    (0x8d, "BINUNICODE8"),
    (0x8e, "BINBYTES8"),
    (0x8f, "EMPTY_SET"),
    (0x90, "ADDITEMS"),
    (0x91, "FROZENSET"),
    (0x92, "NEWOBJ_EX"),
    (0x96, "BYTEARRAY8"),
    (0x97, "NEXT_BUFFER"),
    (0x98, "READONLY_BUFFER"),
];

/// The name of an instruction that we do not follow.
pub(super) fn name(code: u8) -> String {
    let known = FORBIDDEN.iter().find(|(forbidden, _)| *forbidden == code);
    known.map_or_else(|| format!("{code:#04x}"), |(_, name)| (*name).to_owned())
}
