/**
 * The values that are read at each login: from files, commands and HTTP services, and from plugins.
 *
 * <p>Threads: read at start by the main thread; the values are read on a thread of each login, which may block. Does
 * not know about sockets: requests go through {@link penstock.venue.login.HttpExchange}.
 */
package penstock.venue.login;
