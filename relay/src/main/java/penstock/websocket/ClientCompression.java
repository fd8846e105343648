package penstock.websocket;

/**
 * What a client's compressed messages need: permessage-deflate (RFC 7692, 7.1) as negotiated with one connection.
 * Immutable; shared by the connections of a thread.
 *
 * @param inflaters   of the thread
 * @param histories   accounts what the connections remember
 * @param windowBytes how far back into earlier messages the client may refer; 0 with
 *                    {@code client_no_context_takeover}
 */
public record ClientCompression(InflaterPool inflaters, HistoryMemory histories, int windowBytes) {
}
