#!/bin/bash
set -e
cp -R "$(dirname "$0")/files/." .
