"""Asks a server a few short questions and proves, knob by knob, which settings it honours; asking and judging are apart."""
