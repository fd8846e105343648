/**
 * Requests of subscribers: decoded from a text frame or the query of a URL, validated, or rejected with code, path and
 * remedy.
 *
 * <p>In: {@link penstock.wire.request.RequestDecoder}; out: {@link penstock.wire.request.Request}.
 *
 * <p>Thread: the io thread that reads the request.
 */
package penstock.wire.request;
