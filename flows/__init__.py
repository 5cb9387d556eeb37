"""One folder per portal: how to sign in, and a module for each capability."""
