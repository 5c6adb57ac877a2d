#ifndef HEX_H
#define HEX_H

#include <stdio.h>

struct hex {
    FILE *file;
    int line; /* from 1 */
};

enum { HEX_END = -1, HEX_BROKEN = -2 };

/* The next byte of a capture, or one of the two above. */
int hex_next(struct hex *hex);

#endif
