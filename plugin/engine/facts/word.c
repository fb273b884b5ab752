#include "word.h"

struct str word_str(enum word w) {
#define WORD_TEXT(name, text) [WORD_##name] = STR(text),
        static const struct str texts[] = { WORDS(WORD_TEXT) };
#undef WORD_TEXT

        return texts[w];
}
