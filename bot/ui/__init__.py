"""How things look, and what buttons and modals call."""
