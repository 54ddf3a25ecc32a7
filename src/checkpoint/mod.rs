//! Files in and out: `.pt`, safetensors, JSON and the run log.
