#include "program.h"
#include "facts/cell.h"

void program_add(struct arena *arena, struct fact_set *programs, const struct go_list *argv) {
        struct str word;
        size_t slash;

        if (argv->n == 0)
                return;
        word = string_item(argv, 0);
        slash = str_find_last(word, '/');
        if (slash < word.n)
                word = str_skip(word, slash + 1);
        if (str_empty(word))
                return;
        programs->head.given = true;
        fact_set_add(arena, programs, word);
}
