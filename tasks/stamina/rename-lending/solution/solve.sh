#!/bin/bash
set -e
python3 "$(dirname "$0")/rename.py"
