package penstock.wire.request;

import java.util.function.BooleanSupplier;
import penstock.wire.RequestException;

/**
 * A text frame that becomes a request, in parts if it is long: 10,000 names take a millisecond, or ten in a process
 * that has just started. It is refused as if it were decoded in one go.
 *
 * <p>Owned by the io thread that reads the request.
 */
public final class RequestDecoding {
    private final RequestDecoder decoder;
    private final RequestJson json;
    /** Null until the JSON is read. */
    private RequestFields fields;
    /** Null until it is decoded. */
    private Request request;

    RequestDecoding(final RequestDecoder decoder, final String text) {
        this.decoder = decoder;
        json = new RequestJson(text);
    }

    /**
     * Goes on until the request is decoded or {@code isOver} says that time is up; returns whether it is decoded.
     *
     * @throws RequestException if the request is invalid
     */
    public boolean advance(final BooleanSupplier isOver) throws RequestException {
        if (fields == null) {
            if (!json.advance(isOver)) {
                return false;
            }
            fields = json.fields();
        }
        if (!fields.prepare(decoder.maxSymbols(), isOver)) {
            return false;
        }
        request = decoder.decode(fields);
        return true;
    }

    /** The request, once it is decoded. */
    public Request request() {
        return request;
    }
}
