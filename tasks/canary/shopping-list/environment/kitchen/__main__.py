import sys

from kitchen.shopping import shopping_list

print(shopping_list(sys.argv[1:]))
