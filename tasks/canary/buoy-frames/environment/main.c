#include <stdio.h>

#include "frame.h"
#include "hex.h"
#include "report.h"

int main(int count, char **words)
{
    if (count != 2) {
        fprintf(stderr, "usage: buoys FILE\n");
        return 2;
    }
    struct hex hex = {fopen(words[1], "r"), 1};
    if (!hex.file) {
        fprintf(stderr, "cannot open %s\n", words[1]);
        return 2;
    }
    struct framer framer = {0};
    struct frame frame;
    int byte;
    while ((byte = hex_next(&hex)) >= 0) {
        enum frame_state state = frame_take(&framer, byte, &frame);
        if (state == FRAME_GOOD)
            report_frame(&frame);
        if (state == FRAME_BAD)
            report_bad();
    }
    fclose(hex.file);
    if (byte == HEX_BROKEN) {
        fprintf(stderr, "line %d: not hexadecimal\n", hex.line);
        return 1;
    }
    report_end();
    return 0;
}
