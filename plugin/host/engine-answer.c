#include "docksill/base/str.h"
#include "docksill/host/engine-api.h"

void engine_target_add(struct text *target, struct str part) {
        for (size_t i = 0; i < part.n; ++i) {
                char c = part.p[i], lower = ascii_lower(c);

                if ((lower >= 'a' && lower <= 'z') || ascii_digit(c) || c == '_' || c == '.' || c == '-')
                        text_add_char(target, c);
                else
                        text_addf(target, "%%%02X", (unsigned)(unsigned char)c);
        }
}

void engine_answer_deinit(struct engine_answer *a) {
        text_deinit(&a->body);
        *a = (struct engine_answer){ 0 };
}
