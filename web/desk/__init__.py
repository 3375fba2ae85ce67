"""The corpus desk: files in and out, what became of them, and what people put right."""
