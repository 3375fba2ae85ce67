"""Source files in, Documents with Provisions out."""
