/* A load generator for one thing: the same POST over and over on many kept connections, one thread, epoll, so
 * that it takes little of the machine that it measures. Each connection has one request under way at a time.
 *
 *   load PORT PATH KEY FILE CONNECTIONS SECONDS
 *
 * Posts FILE (JSON) to 127.0.0.1:PORT, Authorization: Bearer KEY. Prints: answers, seconds, rate, p50 and p99
 * in ms, and how many answers weren't 201. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"

#define CONNECTIONS_MAX 1024
#define WAITS_MAX 4000000
#define ANSWER_MAX 8192

struct connection {
    int fd;
    size_t got;
    double sent_at;
    char answer[ANSWER_MAX + 1];
};

struct load {
    struct mg_buf request;
    struct sockaddr_in to;
    struct connection *connections;
    float *waits; /* seconds */
    size_t n_waits, failed;
    int epoll;
};

static void die(const char *what)
{
    perror(what);
    exit(1);
}

static void send_request(struct load *load, struct connection *c)
{
    c->got = 0;
    c->sent_at = mg_clock_elapsed();
    for (size_t sent = 0; sent < load->request.len;) {
        ssize_t n = write(c->fd, load->request.data + sent, load->request.len - sent);
        if (n <= 0)
            die("write");
        sent += (size_t)n;
    }
}

static void open_connection(struct load *load, struct connection *c)
{
    int on = 1;
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    if (c->fd < 0 || connect(c->fd, (struct sockaddr *)&load->to, sizeof load->to))
        die("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    if (epoll_ctl(load->epoll, EPOLL_CTL_ADD, c->fd, &event))
        die("epoll_ctl");
}

/* True once headers and the announced body are there. */
static bool is_whole(struct connection *c)
{
    c->answer[c->got] = '\0';
    const char *end = strstr(c->answer, "\r\n\r\n"), *length = strcasestr(c->answer, "\r\ncontent-length:");
    return end && length && c->got >= (size_t)(end + 4 - c->answer) + strtoul(length + 17, NULL, 10);
}

/* Reads what came; when the answer is whole, notes it and sends the next. */
static void serve(struct load *load, struct connection *c, bool more)
{
    ssize_t n = read(c->fd, c->answer + c->got, ANSWER_MAX - c->got);
    if (n <= 0)
        die("the server closed a connection");
    c->got += (size_t)n;
    if (!is_whole(c))
        return;
    if (load->n_waits < WAITS_MAX)
        load->waits[load->n_waits++] = (float)(mg_clock_elapsed() - c->sent_at);
    load->failed += strncmp(c->answer, "HTTP/1.1 201", 12) != 0;
    if (more)
        send_request(load, c);
}

static void run(struct load *load, size_t connections, double seconds)
{
    struct epoll_event events[64];
    double end = mg_clock_elapsed() + seconds;
    for (size_t i = 0; i < connections; i++)
        send_request(load, &load->connections[i]);
    while (mg_clock_elapsed() < end) {
        int n = epoll_wait(load->epoll, events, 64, 100);
        for (int i = 0; i < n; i++)
            serve(load, events[i].data.ptr, mg_clock_elapsed() < end);
    }
}

static int by_value(const void *a, const void *b)
{
    float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static void report(struct load *load, double seconds)
{
    size_t n = load->n_waits;
    if (n == 0)
        die("no answer");
    qsort(load->waits, n, sizeof *load->waits, by_value);
    printf("%zu %.2f %.0f %.2f %.2f %zu\n", n, seconds, (double)n / seconds, 1e3 * load->waits[n / 2],
           1e3 * load->waits[n * 99 / 100], load->failed);
}

static void make_request(struct load *load, char **argv)
{
    struct mg_buf body;
    struct mg_error error = {0};
    mg_buf_init(&body, 1 << 20);
    mg_buf_init(&load->request, 1 << 20);
    if (mg_file_read(argv[4], &body, &error))
        die(error.message);
    mg_buf_printf(&load->request,
                  "POST %s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\nContent-Type: "
                  "application/json\r\n"
                  "Content-Length: %zu\r\n\r\n",
                  argv[2], argv[3], body.len);
    mg_buf_add(&load->request, body.data, body.len);
    mg_buf_done(&body);
}

int main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: load PORT PATH KEY FILE CONNECTIONS SECONDS\n");
        return 2;
    }
    size_t connections = strtoul(argv[5], NULL, 10);
    double seconds = strtod(argv[6], NULL);
    struct load load = {.epoll = epoll_create1(0)};
    load.to =
        (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)strtoul(argv[1], NULL, 10))};
    load.to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    load.connections = calloc(CONNECTIONS_MAX, sizeof *load.connections);
    load.waits = calloc(WAITS_MAX, sizeof *load.waits);
    if (!load.connections || !load.waits || connections < 1 || connections > CONNECTIONS_MAX)
        die("connections");
    make_request(&load, argv);
    for (size_t i = 0; i < connections; i++)
        open_connection(&load, &load.connections[i]);
    run(&load, connections, seconds);
    report(&load, seconds);
    mg_buf_done(&load.request);
    free(load.connections);
    free(load.waits);
    return 0;
}
