/* The words on stderr of trouble with the record file; when they are due is tested with the writer. */
#include "docksill/base/cleanup.h"
#include "trouble.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int ends[2], before;

static int set_up(void **state unused_) {
        assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
        before = dup(STDERR_FILENO);
        dup2(ends[1], STDERR_FILENO);
        return 0;
}

static int tear_down(void **state unused_) {
        dup2(before, STDERR_FILENO);
        close(before);
        close(ends[0]);
        close(ends[1]);
        return 0;
}

static void assert_said(const char *wanted) {
        char said[1024];
        ssize_t n = read(ends[0], said, sizeof(said) - 1);

        said[n < 0 ? 0 : n] = '\0';
        assert_string_equal(said, wanted);
}

static void it_is_told_once_and_that_it_is_over(void **state unused_) {
        struct trouble t = { .name = "/r" };

        trouble_say(&t, &(const struct writer_counts){ 0 }, "can't write", ENOSPC);
        assert_said("docksill: records: can't write /r: No space left on device\n");
        trouble_say(&t, &(const struct writer_counts){ .lost = 3, .lost_refused = 1 }, "can't write", ENOSPC);
        assert_said("");
        assert_true(t.complaint.told);
        trouble_over(&t, &(const struct writer_counts){ .lost = 3, .lost_refused = 1 });
        assert_said("docksill: records: writing again to /r; 3 lost so far, 1 of them refusals\n");
        assert_false(t.complaint.told);
        trouble_over(&t, &(const struct writer_counts){ 0 });
        assert_said("docksill: records: writing again to /r; none was lost\n");
}

static void the_last_word_is_on_what_was_not_told(void **state unused_) {
        struct trouble t = { .name = "/r", .said_lost = 2 };

        trouble_last(&t, &(const struct writer_counts){ .lost = 2, .lost_refused = 0 });
        assert_said("");
        trouble_last(&t, &(const struct writer_counts){ .lost = 5, .lost_refused = 4 });
        assert_said("docksill: records: closed; 5 lost so far, 4 of them refusals\n");
        trouble_hung(&t, &(const struct writer_counts){ .queued = 7 });
        assert_said("docksill: records: a write to /r does not return; up to 7 lost\n");
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(it_is_told_once_and_that_it_is_over, set_up, tear_down),
                cmocka_unit_test_setup_teardown(the_last_word_is_on_what_was_not_told, set_up, tear_down),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
