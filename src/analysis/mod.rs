//! Plain numbers about a model. No drawing.
