/* Whole files in a temporary folder: limits, errors that name the file, replacement that leaves nothing
 * behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <dirent.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/file.h"

static char folder[64];

static int make_folder(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/mg-test-file-XXXXXX");
    return mkdtemp(folder) ? 0 : -1;
}

static int remove_folder(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void writes_reads_and_replaces(void **state)
{
    (void)state;
    struct mg_buf bytes;
    int64_t size = 0;
    const char *path = in_folder("a.json");
    mg_buf_init(&bytes, 100);
    assert_false(mg_file_exists(path));
    assert_int_equal(mg_file_write_atomic(path, "one\0two", 7, NULL), 0);
    assert_int_equal(mg_file_write_atomic(path, "3", 1, NULL), 0);
    assert_int_equal(mg_file_write_atomic(path, "one\0two", 7, NULL), 0);
    assert_int_equal(mg_file_read(path, &bytes, NULL), 0);
    assert_int_equal(bytes.len, 7);
    assert_memory_equal(bytes.data, "one\0two", 8);
    assert_int_equal(mg_file_size(path, &size, NULL), 0);
    assert_int_equal(size, 7);
    mg_buf_done(&bytes);
    struct stat info;
    assert_int_equal(stat(path, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0600);
}

static void empty_files_are_files(void **state)
{
    (void)state;
    struct mg_buf bytes;
    mg_buf_init(&bytes, 0);
    assert_int_equal(mg_file_write_atomic(in_folder("empty"), "", 0, NULL), 0);
    assert_int_equal(mg_file_read(in_folder("empty"), &bytes, NULL), 0);
    assert_string_equal(bytes.data, "");
    mg_buf_done(&bytes);
}

static void the_limit_is_named(void **state)
{
    (void)state;
    struct mg_buf bytes;
    struct mg_error error = {0};
    char large[50000];
    memset(large, 'x', sizeof large);
    mg_buf_init(&bytes, sizeof large - 1);
    assert_int_equal(mg_file_write_atomic(in_folder("large"), large, sizeof large, NULL), 0);
    assert_int_equal(mg_file_read(in_folder("large"), &bytes, &error), MG_E_LIMIT);
    assert_non_null(strstr(error.message, "49999"));
    mg_buf_done(&bytes);
}

static void errors_name_the_file_and_leave_nothing_behind(void **state)
{
    (void)state;
    struct mg_buf bytes;
    struct mg_error error = {0};
    int64_t size = 42;
    mg_buf_init(&bytes, 10);
    assert_int_equal(mg_file_read(in_folder("absent"), &bytes, &error), MG_E_NOT_FOUND);
    assert_string_equal(error.field, in_folder("absent"));
    assert_int_equal(mg_file_size(in_folder("absent"), &size, &error), MG_E_NOT_FOUND);
    assert_int_equal(size, 42);
    assert_true(mg_file_write_atomic(in_folder("no/such/folder"), "x", 1, &error) < 0);
    assert_int_equal(mg_dir_create(in_folder("taken"), NULL), 0);
    assert_true(mg_file_write_atomic(in_folder("taken"), "x", 1, &error) < 0); /* a folder is in the way */
    assert_true(mg_file_read(in_folder("taken"), &bytes, &error) < 0);
    mg_buf_done(&bytes);
    DIR *dir = opendir(folder);
    for (struct dirent *entry; (entry = readdir(dir));)
        assert_null(strstr(entry->d_name, ".tmp"));
    closedir(dir);
}

static char shared[256];

static void *replace_again_and_again(void *letter)
{
    char bytes[50000];
    memset(bytes, *(const char *)letter, sizeof bytes);
    for (int i = 0; i < 50; i++)
        if (mg_file_write_atomic(shared, bytes, sizeof bytes, NULL))
            return letter;
    return NULL;
}

static void two_who_write_at_once_leave_it_whole(void **state)
{
    (void)state;
    static char letters[] = "ab";
    pthread_t threads[2];
    strcpy(shared, in_folder("shared"));
    replace_again_and_again(letters);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, replace_again_and_again, letters + i), 0);
    for (int i = 0; i < 200; i++) {
        struct mg_buf bytes;
        mg_buf_init(&bytes, 1 << 20);
        assert_int_equal(mg_file_read(shared, &bytes, NULL), 0);
        assert_int_equal(bytes.len, 50000);
        for (size_t at = 1; at < bytes.len; at++)
            assert_int_equal(bytes.data[at], bytes.data[0]);
        mg_buf_done(&bytes);
    }
    for (int i = 0; i < 2; i++) {
        void *failed;
        pthread_join(threads[i], &failed);
        assert_null(failed);
    }
}

/* What a pipe is given, read while it is written. */
static void *read_pipe(void *got)
{
    FILE *pipe = fopen(in_folder("fifo"), "r");
    if (pipe)
        mg_ignore((int)fread(got, 1, 8, pipe));
    if (pipe)
        fclose(pipe);
    return NULL;
}

static void what_is_no_file_is_written_into_and_stays(void **state)
{
    (void)state;
    char got[9] = "", pipe[256], link[256];
    pthread_t reader;
    struct stat info;
    snprintf(pipe, sizeof pipe, "%s/fifo", folder);
    snprintf(link, sizeof link, "%s/link", folder);
    assert_int_equal(mkfifo(pipe, 0600), 0);
    assert_int_equal(pthread_create(&reader, NULL, read_pipe, got), 0);
    assert_int_equal(mg_file_write_named(pipe, "to pipe", 7, NULL), 0);
    pthread_join(reader, NULL);
    assert_string_equal(got, "to pipe");
    assert_int_equal(lstat(pipe, &info), 0);
    assert_true(S_ISFIFO(info.st_mode));

    assert_int_equal(mg_file_write_named(in_folder("behind"), "a longer text", 13, NULL), 0);
    assert_int_equal(symlink("behind", link), 0);
    assert_int_equal(mg_file_write_named(link, "short", 5, NULL), 0);
    assert_int_equal(lstat(link, &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(stat(in_folder("behind"), &info), 0);
    assert_int_equal(info.st_size, 5);
}

static void folders_come_with_their_parents(void **state)
{
    (void)state;
    struct stat info;
    assert_int_equal(mg_dir_create(in_folder("x/y/z"), NULL), 0);
    assert_int_equal(mg_dir_create(in_folder("x/y/z"), NULL), 0); /* being there is fine */
    assert_int_equal(stat(in_folder("x/y"), &info), 0);
    assert_true(S_ISDIR(info.st_mode));
    assert_int_equal(info.st_mode & 0777, 0700);
    struct mg_error error = {0};
    char path[5000];
    memset(path, 'p', sizeof path - 1);
    path[sizeof path - 1] = '\0';
    assert_int_equal(mg_dir_create(path, &error), MG_E_LIMIT);
    assert_int_equal(mg_file_write_atomic(path, "x", 1, &error), MG_E_LIMIT);
}

/* A read of any of them would never end, or wait for ever. */
static void only_regular_files_are_opened(void **state)
{
    (void)state;
    char pipe_path[256], socket_path[256];
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(pipe_path, sizeof pipe_path, "%s", in_folder("pipe"));
    snprintf(socket_path, sizeof socket_path, "%s", in_folder("socket"));
    assert_int_equal(mkfifo(pipe_path, 0600), 0);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%.100s", socket_path);
    assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof address), 0);
    const struct {
        const char *path, *word;
    } cases[] = {{pipe_path, "pipe"}, {socket_path, "socket"}, {"/dev/zero", "device"}, {folder, "folder"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct mg_error error = {0};
        struct mg_buf bytes;
        FILE *file = NULL;
        mg_buf_init(&bytes, 100);
        assert_int_equal(mg_file_open(cases[i].path, "answers.csv", &file, &error), MG_E_INVALID);
        assert_null(file);
        assert_non_null(strstr(error.message, cases[i].word));
        assert_non_null(strstr(error.message, "answers.csv"));
        assert_null(strstr(error.message, cases[i].path));
        assert_true(*error.hint);
        assert_int_equal(mg_file_read(cases[i].path, &bytes, &error), MG_E_INVALID);
        mg_buf_done(&bytes);
    }
    close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_reads_and_replaces),
        cmocka_unit_test(empty_files_are_files),
        cmocka_unit_test(the_limit_is_named),
        cmocka_unit_test(errors_name_the_file_and_leave_nothing_behind),
        cmocka_unit_test(two_who_write_at_once_leave_it_whole),
        cmocka_unit_test(what_is_no_file_is_written_into_and_stays),
        cmocka_unit_test(folders_come_with_their_parents),
        cmocka_unit_test(only_regular_files_are_opened),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
