#include "base64-wide.h"

size_t base64_wide(char *to, const char *from, size_t n) {
        (void)to;
        (void)from;
        (void)n;
        return 0;
}
