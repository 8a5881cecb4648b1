"""The control API: a script or the page acts as a person and sees what that person sees."""
