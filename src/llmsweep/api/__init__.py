"""What notebooks and other programs may rely on: a recorded sweep as tidy frames; every figure is made by `analysis`."""
