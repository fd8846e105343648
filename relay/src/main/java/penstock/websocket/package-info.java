/**
 * RFC 6455 frames, both roles: parse, validate, mask, build, close; RFC 7692 on the receiving side.
 *
 * <p>In: {@link penstock.websocket.FrameParser}, out of {@code FrameHeader}, {@code MessageMemory}, {@code Unmask},
 * {@code Utf8Validator} and {@link penstock.websocket.MessageInflater}, calls a
 * {@link penstock.websocket.MessageHandler}. Out: {@link penstock.websocket.FrameWriter}. Before both:
 * {@link penstock.websocket.Handshake}, {@link penstock.websocket.DeflateOffer}.
 *
 * <p>Thread: the io thread of the connection. Knows no other package.
 */
package penstock.websocket;
