#ifndef REPORT_H
#define REPORT_H

#include "frame.h"

/* Prints a reading, and counts the frame. */
void report_frame(const struct frame *frame);

void report_bad(void);

/* Prints the summary. */
void report_end(void);

#endif
