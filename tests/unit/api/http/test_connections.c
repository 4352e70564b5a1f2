/* The list of connections and its watcher, over real sockets on loopback: waiting ones make room, and who has
 * gone is told from who only closed its sending side. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/http/connections.h"

struct pair {
    int client, server;
    struct mg_connection *connection;
};

static struct sockaddr_in address(const char *text)
{
    struct sockaddr_in address = {.sin_family = AF_INET};
    inet_pton(AF_INET, text, &address.sin_addr);
    return address;
}

/* A connection over loopback that the list takes for one from `from`. */
static struct pair open_pair(struct mg_connections *connections, const char *from)
{
    struct sockaddr_in here = address("127.0.0.1"), peer = address(from);
    socklen_t size = sizeof here;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct pair pair = {.client = socket(AF_INET, SOCK_STREAM, 0)};
    assert_int_equal(bind(listener, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &size), 0);
    assert_int_equal(connect(pair.client, (struct sockaddr *)&here, sizeof here), 0);
    pair.server = accept(listener, NULL, NULL);
    assert_true(pair.server >= 0);
    close(listener);
    pair.connection = mg_connection_open(connections, pair.server, (struct sockaddr *)&peer);
    assert_non_null(pair.connection);
    return pair;
}

static void close_pair(struct mg_connections *connections, struct pair *pair)
{
    mg_connection_close(connections, pair->connection);
    close(pair->server);
    if (pair->client >= 0)
        close(pair->client);
}

static bool is_shut(const struct pair *pair)
{
    char byte;
    return recv(pair->client, &byte, 1, MSG_DONTWAIT) == 0;
}

static void an_address_has_so_many_without_a_request(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(100, 3, MG_SLOW_SECONDS);
    struct pair pairs[6];
    for (int i = 0; i < 3; i++)
        pairs[i] = open_pair(connections, "192.0.2.1");
    pairs[3] = open_pair(connections, "192.0.2.2");
    for (int i = 0; i < 4; i++)
        assert_false(is_shut(&pairs[i]));
    mg_connection_is(connections, pairs[0].connection, MG_CONNECTION_BUSY);
    pairs[4] = open_pair(connections, "192.0.2.1"); /* three again: one has sent its request */
    assert_false(is_shut(&pairs[1]));
    pairs[5] = open_pair(connections, "192.0.2.1");
    for (int i = 0; i < 6; i++)
        assert_int_equal(is_shut(&pairs[i]), i == 1); /* the oldest */
    for (int i = 0; i < 6; i++)
        close_pair(connections, &pairs[i]);
    mg_connections_free(connections);
}

static void beyond_the_limit_who_waits_longest_goes(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(3, 0, MG_SLOW_SECONDS);
    struct pair pairs[6];
    for (int i = 0; i < 3; i++)
        pairs[i] = open_pair(connections, "192.0.2.1");
    mg_connection_is(connections, pairs[0].connection, MG_CONNECTION_BUSY);
    mg_connection_is(connections, pairs[1].connection, MG_CONNECTION_READING); /* not long enough */
    mg_connection_is(connections, pairs[2].connection, MG_CONNECTION_IDLE);
    pairs[3] = open_pair(connections, "192.0.2.9");
    for (int i = 0; i < 4; i++)
        assert_int_equal(is_shut(&pairs[i]), i == 2);
    mg_connection_is(connections, pairs[3].connection, MG_CONNECTION_BUSY);
    pairs[4] = open_pair(connections, "192.0.2.9");
    pairs[5] = open_pair(connections, "192.0.2.9");
    for (int i = 0; i < 6; i++)
        assert_int_equal(is_shut(&pairs[i]), i == 2); /* those that just came may be about to ask */
    while (!is_shut(&pairs[4]) || !is_shut(&pairs[5]))
        usleep(1000);
    for (int i = 0; i < 6; i++)
        close_pair(connections, &pairs[i]);
    mg_connections_free(connections);
}

/* Who takes an answer or sends a file slowly goes after those who wait; what we work at stays. */
static void who_is_slow_makes_room(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(4, 0, 0);
    struct pair pairs[7];
    for (int i = 0; i < 4; i++)
        pairs[i] = open_pair(connections, "192.0.2.1");
    mg_connection_is(connections, pairs[0].connection, MG_CONNECTION_SENDING);
    mg_connection_is(connections, pairs[1].connection, MG_CONNECTION_UPLOADING);
    mg_connection_is(connections, pairs[2].connection, MG_CONNECTION_BUSY);
    mg_connection_is(connections, pairs[3].connection, MG_CONNECTION_IDLE);
    usleep(1000);
    static const int order[] = {3, 0, 1};
    for (int n = 4; n < 7; n++) {
        pairs[n] = open_pair(connections, "192.0.2.9");
        mg_connection_is(connections, pairs[n].connection, MG_CONNECTION_BUSY);
        assert_true(is_shut(&pairs[order[n - 4]]));
        close_pair(connections, &pairs[order[n - 4]]);
    }
    for (int i = 2; i < 7; i++)
        if (i != 3) {
            assert_false(is_shut(&pairs[i]));
            close_pair(connections, &pairs[i]);
        }
    mg_connections_free(connections);
}

/* Nobody could go when the last one came: the watcher looks again, since the library takes no more. */
static void room_is_made_later_too(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(1, 0, 1);
    struct pair pairs[2] = {open_pair(connections, "192.0.2.1")};
    mg_connection_is(connections, pairs[0].connection, MG_CONNECTION_SENDING);
    pairs[1] = open_pair(connections, "192.0.2.2");
    mg_connection_is(connections, pairs[1].connection, MG_CONNECTION_BUSY);
    while (!is_shut(&pairs[0]))
        usleep(1000);
    assert_false(is_shut(&pairs[1]));
    for (int i = 0; i < 2; i++)
        close_pair(connections, &pairs[i]);
    mg_connections_free(connections);
}

static void wait_until_asked(const struct mg_stop *stop)
{
    while (mg_stop_asked(stop) == MG_STOP_NO)
        usleep(1000);
}

static void who_closes_stops_the_work(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(10, 10, MG_SLOW_SECONDS);
    struct pair pair = open_pair(connections, "127.0.0.1");
    struct mg_stop stop;
    mg_stop_init(&stop);
    mg_connection_is(connections, pair.connection, MG_CONNECTION_BUSY);
    mg_connection_watch(connections, pair.connection, &stop, true);
    close(pair.client);
    pair.client = -1;
    wait_until_asked(&stop);
    assert_int_equal(mg_stop_asked(&stop), MG_STOP_GONE);
    mg_connection_watch(connections, pair.connection, NULL, false);
    close_pair(connections, &pair);
    mg_connections_free(connections);
    mg_stop_done(&stop);
}

static void who_closes_its_sending_side_does_not(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(10, 10, MG_SLOW_SECONDS);
    struct pair pair = open_pair(connections, "127.0.0.1"), old = open_pair(connections, "127.0.0.1");
    struct mg_stop stop, old_stop;
    char said[64] = {0};
    mg_stop_init(&stop);
    mg_stop_init(&old_stop);
    mg_connection_watch(connections, pair.connection, &stop, true);
    mg_connection_watch(connections, old.connection, &old_stop, false);
    shutdown(pair.client, SHUT_WR);
    shutdown(old.client, SHUT_WR);
    assert_true(recv(pair.client, said, sizeof said - 1, 0) > 0); /* waits for the interim answer */
    assert_string_equal(said, "HTTP/1.1 100 Continue\r\n\r\n");
    usleep(600 * 1000);                                                  /* two looks more */
    assert_true(recv(pair.client, said, sizeof said, MSG_DONTWAIT) < 0); /* one is enough */
    assert_true(recv(old.client, said, sizeof said, MSG_DONTWAIT) < 0);  /* HTTP/1.0 knows none */
    assert_int_equal(mg_stop_asked(&stop), MG_STOP_NO);
    assert_int_equal(mg_stop_asked(&old_stop), MG_STOP_NO);
    mg_connection_watch(connections, pair.connection, NULL, false);
    mg_connection_watch(connections, old.connection, NULL, false);
    close_pair(connections, &pair);
    close_pair(connections, &old);
    mg_connections_free(connections);
    mg_stop_done(&stop);
    mg_stop_done(&old_stop);
}

static void limits_are_noticed_and_the_end_stops_all(void **state)
{
    (void)state;
    struct mg_connections *connections = mg_connections_new(10, 10, MG_SLOW_SECONDS);
    struct pair late = open_pair(connections, "127.0.0.1"), other = open_pair(connections, "127.0.0.1");
    struct mg_stop stops[2];
    mg_stop_init(&stops[0]);
    mg_stop_init(&stops[1]);
    mg_stop_limit(&stops[0], 1);
    atomic_store(&stops[0].due_us, 1);
    mg_connection_watch(connections, late.connection, &stops[0], true);
    mg_connection_watch(connections, other.connection, &stops[1], true);
    while (atomic_load(&stops[0].why) != MG_STOP_LATE)
        usleep(1000);
    assert_int_equal(mg_stop_asked(&stops[1]), MG_STOP_NO);
    mg_connections_end(connections, 0);
    wait_until_asked(&stops[1]);
    assert_int_equal(mg_stop_asked(&stops[1]), MG_STOP_ENDING);
    mg_connection_watch(connections, late.connection, NULL, false);
    mg_connection_watch(connections, other.connection, NULL, false);
    close_pair(connections, &late);
    close_pair(connections, &other);
    mg_connections_free(connections);
    mg_stop_done(&stops[0]);
    mg_stop_done(&stops[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_address_has_so_many_without_a_request),
        cmocka_unit_test(beyond_the_limit_who_waits_longest_goes),
        cmocka_unit_test(who_is_slow_makes_room),
        cmocka_unit_test(room_is_made_later_too),
        cmocka_unit_test(who_closes_stops_the_work),
        cmocka_unit_test(who_closes_its_sending_side_does_not),
        cmocka_unit_test(limits_are_noticed_and_the_end_stops_all),
    };
    return cmocka_run_group_tests_name("connections", tests, NULL, NULL);
}
