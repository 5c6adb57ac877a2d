#include "report.h"

#include <stdio.h>

enum { BUOYS = 512 };

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
    printf("%d #%d %d.%02d C %d.%d hPa\n", frame->buoy, frame->sequence, hundredths / 100, hundredths % 100, tenths / 10,
           tenths % 10);
}

void report_frame(const struct frame *frame)
{
    int buoy = frame->buoy;
    if (buoys[buoy].good && buoys[buoy].last == frame->sequence) {
        buoys[buoy].again++;
        return;
    }
    if (buoys[buoy].good && frame->sequence > buoys[buoy].last)
        buoys[buoy].lost += frame->sequence - buoys[buoy].last - 1;
    buoys[buoy].good++;
    buoys[buoy].last = frame->sequence;
    if (frame->kind == 1)
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
