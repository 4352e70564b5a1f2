/* Whose address counts as the client's: that of the connection, and behind a proxy the one that the proxy
 * saw. A proxy adds it at the end of X-Forwarded-For, some as a header of their own behind the client's: only
 * the last one of the last header is the proxy's, all before it is what the client says. It is kept in one
 * spelling, without a port, so that nobody has many; where it is no address, the proxy's own counts. */
#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "api/http/http.h"
#include "api/private.h"
#include "service/admin/throttle.h"

static void write_v4(const void *address, char ret_peer[64])
{
    inet_ntop(AF_INET, address, ret_peer, 64);
}

/* An IPv4 address in the dress of IPv6 is that address. */
static void write_v6(const struct in6_addr *address, char ret_peer[64])
{
    if (IN6_IS_ADDR_V4MAPPED(address))
        write_v4(&address->s6_addr[12], ret_peer);
    else
        inet_ntop(AF_INET6, address, ret_peer, 64);
}

static void write_socket(const struct sockaddr *address, char ret_peer[64])
{
    if (address && address->sa_family == AF_INET)
        write_v4(&((const struct sockaddr_in *)(const void *)address)->sin_addr, ret_peer);
    else if (address && address->sa_family == AF_INET6)
        write_v6(&((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, ret_peer);
}

/* "192.0.2.1", "192.0.2.1:443", "2001:db8::1", "[2001:db8::1]:443"; `text` is changed. */
static bool write_text(char *text, char ret_peer[64])
{
    struct in_addr four;
    struct in6_addr six;
    char *colon = strchr(text, ':');
    if (*text == '[') {
        text++;
        text[strcspn(text, "]")] = '\0';
    } else if (colon && !strchr(colon + 1, ':')) {
        *colon = '\0';
    }
    if (inet_pton(AF_INET, text, &four) == 1)
        write_v4(&four, ret_peer);
    else if (inet_pton(AF_INET6, text, &six) == 1)
        write_v6(&six, ret_peer);
    else
        return false;
    return true;
}

static enum MHD_Result take_last(void *user, enum MHD_ValueKind kind, const char *key, const char *value)
{
    (void)kind;
    if (strcasecmp(key, "X-Forwarded-For") == 0)
        *(const char **)user = value ? value : "";
    return MHD_YES;
}

/* What the proxy says. */
static bool write_forwarded(const struct mg_request *request, char ret_peer[64])
{
    const char *value = NULL;
    char text[64];
    MHD_get_connection_values(request->connection, MHD_HEADER_KIND, take_last, &value);
    if (!value)
        return false;
    const char *comma = strrchr(value, ',');
    value = comma ? comma + 1 : value;
    value += strspn(value, " \t");
    size_t n = strcspn(value, " \t");
    if (n >= sizeof text)
        return false;
    memcpy(text, value, n);
    text[n] = '\0';
    return write_text(text, ret_peer);
}

void mg_request_note_peer(struct mg_request *request)
{
    char room[MG_THROTTLE_NETWORK_SIZE];
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(request->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    if (!request->api->options.behind_https || !write_forwarded(request, request->peer))
        write_socket(info ? info->client_addr : NULL, request->peer);
    snprintf(request->network, sizeof request->network, "%s", mg_throttle_network(request->peer, room));
}
