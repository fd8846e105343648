package penstock.server.auth;

import penstock.wire.request.Request;

/** Learns of the sessions of this relay and of the edges behind it. Any thread calls it; it must not block. */
public interface SessionWatch {
    /** Does nothing. */
    SessionWatch NONE = new SessionWatch() {
        @Override
        public void onBegun(final Request.EdgeSession session, final End end) {
        }

        @Override
        public void onEnded(final String session) {
        }
    };

    /** Ends a session. Any thread. */
    interface End {
        /** With that close code and reason. */
        void close(int code, String reason);
    }

    /** A session has begun. */
    void onBegun(Request.EdgeSession session, End end);

    /** The session of that name has ended; more than once is the same. */
    void onEnded(String session);
}
