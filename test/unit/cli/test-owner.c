#include "try/owner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

static void tells_this_process(void **state) {
        struct owner a, b;

        (void)state;
        assert_int_equal(owner_init(&a), 0);
        assert_int_equal(owner_init(&b), 0);
        assert_int_equal(owner_of(str_from(a.text)), OWNER_LIVES);
        assert_string_not_equal(a.text, b.text);
        assert_int_equal(strlen(a.nonce), 16);
        assert_non_null(strstr(a.text, a.nonce));
}

/* In the child, whose label comes through a pipe. */
static void tells_one_that_is_gone(void **state) {
        struct owner owner;
        int fds[2], status;
        pid_t child;

        (void)state;
        assert_int_equal(pipe(fds), 0);
        child = fork();
        if (child == 0)
                _exit(owner_init(&owner) == 0 && write(fds[1], owner.text, sizeof(owner.text)) > 0 ? 0 : 1);
        assert_int_equal(read(fds[0], owner.text, sizeof(owner.text)), sizeof(owner.text));
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_int_equal(owner_of(str_from(owner.text)), OWNER_GONE);
        close(fds[0]);
        close(fds[1]);
}

/* The same process's number, started at another time: the number was used again. */
static void a_number_used_again_is_another(void **state) {
        struct owner owner;
        char text[OWNER_MOST + 8], *at = text;

        (void)state;
        assert_int_equal(owner_init(&owner), 0);
        strcpy(text, owner.text);
        for (int i = 0; i < 3; ++i)
                at = strchr(at, '/') + 1;
        memmove(at + 1, at, strlen(at) + 1);
        *at = '9';
        assert_int_equal(owner_of(str_from(text)), OWNER_GONE);
}

static void only_age_tells_of_others(void **state) {
        static const char *const none[] = { "", "x", "a/b/c", "a/b/c/d/e/f", "////", NULL };
        char text[OWNER_MOST];
        long now = (long)time(NULL);

        (void)state;
        snprintf(text, sizeof(text), "another-boot/4026531836/1/1/%ld/0", now - 60);
        assert_int_equal(owner_of(str_from(text)), OWNER_ELSEWHERE);
        snprintf(text, sizeof(text), "another-boot/4026531836/1/1/%ld/0", now - 2 * OWNER_AGE_MOST);
        assert_int_equal(owner_of(str_from(text)), OWNER_GONE);
        for (size_t i = 0; none[i]; ++i)
                assert_int_equal(owner_of(str_from(none[i])), OWNER_ELSEWHERE);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(tells_this_process),
                cmocka_unit_test(tells_one_that_is_gone),
                cmocka_unit_test(a_number_used_again_is_another),
                cmocka_unit_test(only_age_tells_of_others),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
