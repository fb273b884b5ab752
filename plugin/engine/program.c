#include "program.h"
#include "cell.h"

int program_add(struct arena *arena, struct fact_set *programs, const struct go_list *argv) {
        struct str word;
        size_t slash;

        if (argv->n == 0)
                return 0;
        word = string_item(argv, 0);
        slash = str_find_last(word, '/');
        if (slash < word.n)
                word = str_skip(word, slash + 1);
        if (str_empty(word))
                return 0;
        programs->head.given = true;
        return fact_set_add(arena, programs, word);
}
