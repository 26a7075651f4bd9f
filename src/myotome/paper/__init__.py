"""Pages people hold: one document, as HTML and as PDF."""
