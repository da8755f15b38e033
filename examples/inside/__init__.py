"""Live pages inside applications that are written with something else."""
