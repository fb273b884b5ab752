#include "format.h"

const struct report_format report_formats[] = {
        { "bench", ".bench", report_bench },
        { NULL, NULL, NULL },
};

const struct report_format *report_format_named(struct str name) {
        for (const struct report_format *f = report_formats; f->name; ++f)
                if (str_eqz(name, f->name))
                        return f;
        return NULL;
}
