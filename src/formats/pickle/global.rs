//! The names that a pickle can mention: those that weights are made with, those of anything else, which stay names,
//! and those that could do harm.

use crate::element::Element;
use std::fmt;

/// A name that a pickle mentions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Global<'a> {
    pub(super) module: &'a str,
    pub(super) name: &'a str,
    /// What it is, if weights are made with it.
    pub(super) known: Option<Known>,
}

impl fmt::Display for Global<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

/// What weights, and the arrays and numbers beside them, are made with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Known {
    /// `OrderedDict`.
    Dict,
    /// A list by another name: `Size`, `set`, `tuple`.
    List,
    /// `(storage, offset, shape, strides, …)`.
    Tensor,
    /// The same, and at the seventh place the type of the elements.
    TypedTensor,
    /// `(tensor, …)`.
    Parameter,
    /// `(function, type, arguments, state)`.
    FromType,
    /// `(type, shape, …)`: a tensor without numbers.
    Meta,
    /// `(array, …)`.
    FromArray,
    /// `(bytes)`: a storage as `torch.save` writes it.
    StorageBytes,
    /// `(text, "latin1")`: bytes.
    Encode,
    /// `(class, …)`.
    NewObject,
    /// `(class, base, content)`.
    Reconstructor,
    /// `(type, …)`; the state has shape, type and bytes.
    Array,
    /// `(bytes, type, shape, order)`.
    ArrayOfBytes,
    /// `(type, bytes)`: a number.
    Scalar,
    /// `(code, …)`; the state has the order of the bytes.
    ArrayType,
    /// The type of a storage.
    Storage(Element),
    /// The type of a tensor's elements.
    Element(Element),
}

impl<'a> Global<'a> {
    pub(super) fn new(module: &'a str, name: &'a str) -> Global<'a> {
        Global { module, name, known: known(module, name) }
    }

    /// Whether whoever loads this name in Python can be made to do anything at all.
    pub(super) fn does_harm(&self) -> bool {
        // A dotted name reaches through modules: torch's `os.system` is os's.
        let through = self.name.split('.').rev().skip(1);
        let mut modules = self.module.split('.').take(1).chain(through);
        let built_in = ["builtins", "__builtin__", "__builtins__"].contains(&self.module);
        let mut parts = self.name.split('.');
        modules.any(|module| HARMFUL_MODULES.contains(&module.trim_start_matches('_')))
            || parts.any(|part| HARMFUL_ATTRIBUTES.contains(&part))
            || (built_in && HARMFUL_BUILT_IN.contains(&self.name))
            || HARMFUL.contains(&(self.module, self.name))
    }
}

/// Modules that reach files, programs, the network or the interpreter itself; those of CPython's own
/// in C have a `_` in front.
const HARMFUL_MODULES: [&str; 22] = [
    "os",
    "posix",
    "nt",
    "subprocess",
    "posixsubprocess",
    "pty",
    "shutil",
    "socket",
    "urllib",
    "ftplib",
    "smtplib",
    "webbrowser",
    "ctypes",
    "importlib",
    "imp",
    "runpy",
    "pkgutil",
    "bdb",
    "pdb",
    "timeit",
    "marshal",
    "commands",
];

/// Attributes that lead from any object to everything else.
const HARMFUL_ATTRIBUTES: [&str; 5] =
    ["__globals__", "__builtins__", "__subclasses__", "__getattribute__", "__import__"];

/// Built-in functions that run what they are given, reach anything by its name, or open files.
const HARMFUL_BUILT_IN: [&str; 12] = [
    "eval",
    "exec",
    "execfile",
    "compile",
    "open",
    "file",
    "input",
    "__import__",
    "globals",
    "vars",
    "breakpoint",
    "apply",
];

/// The same in other modules.
const HARMFUL: [(&str, &str); 17] = [
    ("io", "open"),
    ("_io", "open"),
    ("io", "FileIO"),
    ("_io", "FileIO"),
    ("codecs", "open"),
    ("sys", "modules"),
    ("code", "InteractiveInterpreter"),
    ("code", "InteractiveConsole"),
    ("pickle", "loads"),
    ("pickle", "load"),
    ("_pickle", "loads"),
    ("_pickle", "load"),
    ("torch", "load"),
    ("torch.serialization", "load"),
    ("torch.hub", "load"),
    ("numpy", "load"),
    ("numpy.testing._private.utils", "runstring"),
];

fn known(module: &str, name: &str) -> Option<Known> {
    // NumPy renamed its insides.
    let module = module.strip_prefix("numpy._core").map_or_else(
        || module.strip_prefix("numpy.core").map_or((false, module), |rest| (true, rest)),
        |rest| (true, rest),
    );
    Some(match (module, name) {
        ((true, ".multiarray"), "_reconstruct") => Known::Array,
        ((true, ".multiarray"), "scalar") => Known::Scalar,
        ((true, ".numeric"), "_frombuffer") => Known::ArrayOfBytes,
        ((false, "numpy"), "dtype") => Known::ArrayType,
        ((false, "collections"), "OrderedDict") => Known::Dict,
        ((false, "torch"), "Size")
        | ((false, "builtins" | "__builtin__"), "set" | "frozenset" | "list" | "tuple") => {
            Known::List
        }
        ((false, "_codecs"), "encode") => Known::Encode,
        ((false, "copyreg" | "copy_reg"), "__newobj__") => Known::NewObject,
        ((false, "copyreg" | "copy_reg"), "_reconstructor") => Known::Reconstructor,
        ((false, "torch._utils"), "_rebuild_tensor" | "_rebuild_tensor_v2") => Known::Tensor,
        ((false, "torch._utils"), "_rebuild_tensor_v3") => Known::TypedTensor,
        ((false, "torch._utils"), "_rebuild_parameter" | "_rebuild_parameter_with_state") => {
            Known::Parameter
        }
        ((false, "torch._utils"), "_rebuild_meta_tensor_no_storage") => Known::Meta,
        ((false, "torch._utils"), "_rebuild_device_tensor_from_numpy" | "_rebuild_xla_tensor") => {
            Known::FromArray
        }
        ((false, "torch._tensor"), "_rebuild_from_type_v2") => Known::FromType,
        ((false, "torch.storage"), "_load_from_bytes") => Known::StorageBytes,
        ((false, "torch" | "torch.cuda" | "torch.storage"), _) => return of_torch(name),
        _ => return None,
    })
}

/// The types of storages, also under the names that they had on a GPU, and of elements.
fn of_torch(name: &str) -> Option<Known> {
    if let Some(name) = name.strip_suffix("Storage") {
        return Some(Known::Storage(match name {
            "Double" => Element::F64,
            "Float" => Element::F32,
            "Half" => Element::F16,
            "BFloat16" => Element::Bf16,
            "Long" => Element::I64,
            "Int" => Element::I32,
            "Short" => Element::I16,
            "Char" => Element::I8,
            "Byte" | "Untyped" => Element::U8,
            "Bool" => Element::Bool,
            _ => return None,
        }));
    }
    Some(Known::Element(match name {
        "float64" | "double" => Element::F64,
        "float32" | "float" => Element::F32,
        "float16" | "half" => Element::F16,
        "bfloat16" => Element::Bf16,
        "int64" | "long" => Element::I64,
        "int32" | "int" => Element::I32,
        "int16" | "short" => Element::I16,
        "int8" => Element::I8,
        "uint64" => Element::U64,
        "uint32" => Element::U32,
        "uint16" => Element::U16,
        "uint8" => Element::U8,
        "bool" => Element::Bool,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_reach_the_machine_do_harm_however_they_are_written() {
        for (module, name) in [
            ("os", "system"),
            ("posix", "system"),
            ("nt", "system"),
            ("subprocess", "Popen"),
            ("builtins", "eval"),
            ("__builtin__", "exec"),
            ("builtins", "__import__"),
            ("torch", "os.system"),
            ("torch.serialization", "os.system"),
            ("importlib", "import_module"),
            ("torch", "load"),
            ("_posixsubprocess", "fork_exec"),
            ("_io", "open"),
        ] {
            assert!(Global::new(module, name).does_harm(), "{module}.{name}");
        }
        for (module, name) in [
            ("collections", "OrderedDict"),
            ("builtins", "set"),
            ("builtins", "getattr"),
            ("pathlib", "PosixPath"),
            ("argparse", "Namespace"),
            ("train", "Mode"),
            ("_codecs", "encode"),
            ("torch", "device"),
        ] {
            assert!(!Global::new(module, name).does_harm(), "{module}.{name}");
        }
    }

    #[test]
    fn numpy_s_names_are_known_before_and_after_it_renamed_its_insides() {
        for module in ["numpy.core.multiarray", "numpy._core.multiarray"] {
            assert_eq!(Global::new(module, "scalar").known, Some(Known::Scalar));
        }
        assert_eq!(
            Global::new("torch.cuda", "HalfStorage").known,
            Some(Known::Storage(Element::F16))
        );
        assert_eq!(Global::new("numpy", "float64").known, None);
    }
}
