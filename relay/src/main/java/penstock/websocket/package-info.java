/**
 * RFC 6455 frames, both roles: parse, validate, mask, build, close.
 *
 * <p>Thread: the io thread of the connection. Knows no other package.
 */
package penstock.websocket;
