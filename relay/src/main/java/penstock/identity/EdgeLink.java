package penstock.identity;

import penstock.wire.RequestException;
import penstock.wire.request.Request;

/** The session of an edge, as the relay that it is connected to knows it. Any thread. */
public interface EdgeLink {
    /**
     * The edge says which sessions it has.
     *
     * @throws RequestException if the relay does not take that; then nothing changes
     */
    void onReport(Request.Report report) throws RequestException;
}
