/*
 * jansson-parse: what jansson takes to parse a file into its tree and to free it again; microseconds, the median of 15 times.
 */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define TIMES 15

static int ascending(const void *a, const void *b) {
        const double x = *(const double *)a, y = *(const double *)b;

        return (x > y) - (x < y);
}

static double processor_time(void) {
        struct timespec t;

        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
        return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static char *file_read(const char *path, size_t *n) {
        FILE *f = fopen(path, "rb");
        char *text = NULL;

        if (f && fseek(f, 0, SEEK_END) == 0 && (*n = (size_t)ftell(f)) > 0 && (text = malloc(*n))) {
                rewind(f);
                if (fread(text, 1, *n, f) != *n) {
                        free(text);
                        text = NULL;
                }
        }
        if (f)
                fclose(f);
        return text;
}

int main(int argc, char **argv) {
        double taken[TIMES];
        size_t n = 0;
        char *text = argc == 2 ? file_read(argv[1], &n) : NULL;

        if (!text) {
                fprintf(stderr, "usage: jansson-parse FILE\n");
                return 2;
        }
        for (size_t i = 0; i < TIMES; ++i) {
                const double before = processor_time();
                json_error_t error;
                json_t *tree = json_loadb(text, n, 0, &error);

                if (!tree) {
                        fprintf(stderr, "%s:%d:%d: %s\n", argv[1], error.line, error.column, error.text);
                        free(text);
                        return EXIT_FAILURE;
                }
                json_decref(tree);
                taken[i] = processor_time() - before;
        }
        qsort(taken, TIMES, sizeof(*taken), ascending);
        printf("%.0f\n", taken[TIMES / 2]);
        free(text);
        return EXIT_SUCCESS;
}
