#include "hex.h"

#include <ctype.h>

static int value(int c)
{
    return isdigit(c) ? c - '0' : tolower(c) - 'a' + 10;
}

int hex_next(struct hex *hex)
{
    int c;
    while ((c = getc(hex->file)) != EOF) {
        if (c == '\n')
            hex->line++;
        if (isspace(c))
            continue;
        int low = getc(hex->file);
        if (!isxdigit(c) || low == EOF || !isxdigit(low))
            return HEX_BROKEN;
        return value(c) * 16 + value(low);
    }
    return HEX_END;
}
