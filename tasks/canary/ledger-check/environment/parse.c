#include "parse.h"

#include <stdio.h>
#include <stdlib.h>

int parse_line(const char *line, struct posting *posting) {
    char date[16], amount[32];

    if (line[0] == '#' || line[0] == '\n') {
        return 0;
    }
    if (sscanf(line, "%15s %40s %31s", date, posting->account, amount) != 3) {
        return -1;
    }
    posting->cents = (int)(atof(amount) * 100);
    return 1;
}
