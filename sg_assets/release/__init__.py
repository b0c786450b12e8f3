"""What goes out of a variant: its adapter with its card and the manifests behind it, or the reason why it does not."""
