#include "report.h"

#include <stdio.h>
#include <stdlib.h>

enum { BUOYS = 65536 };

static struct {
    long good, again, lost;
    int last; /* sequence number of the good frame before */
} buoys[BUOYS];

static long bad;

static void reading(const struct frame *frame)
{
    const uint8_t *c = frame->content;
    int hundredths = c[0] | c[1] << 8;
    int tenths = c[2] | c[3] << 8;
    if (hundredths > 32767)
        hundredths -= 65536;
    const char *sign = hundredths < 0 ? "-" : "";
    int size = abs(hundredths);
    printf("%d #%d %s%d.%02d C %d.%d hPa\n", frame->buoy, frame->sequence, sign, size / 100, size % 100, tenths / 10,
           tenths % 10);
}

void report_frame(const struct frame *frame)
{
    int buoy = frame->buoy;
    if (buoys[buoy].good && buoys[buoy].last == frame->sequence) {
        buoys[buoy].again++;
        return;
    }
    if (buoys[buoy].good)
        buoys[buoy].lost += (uint8_t)(frame->sequence - buoys[buoy].last - 1);
    buoys[buoy].good++;
    buoys[buoy].last = frame->sequence;
    if (frame->kind == 1 && frame->size == 4)
        reading(frame);
}

void report_bad(void)
{
    bad++;
}

void report_end(void)
{
    for (int buoy = 0; buoy < BUOYS; buoy++)
        if (buoys[buoy].good)
            printf("%d: %ld good, %ld again, %ld lost\n", buoy, buoys[buoy].good, buoys[buoy].again, buoys[buoy].lost);
    printf("bad: %ld\n", bad);
}
