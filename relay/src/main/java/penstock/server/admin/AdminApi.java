package penstock.server.admin;

import penstock.audit.AuditLog;
import penstock.changes.ChangeLog;
import penstock.server.RelayServer;

/** The requests of the operator that every relay serves. Stateless. */
public final class AdminApi {
    private AdminApi() {
    }

    /**
     * Adds them to {@code server}; {@code audit} knows how sessions ended, and {@code changes} learns what the operator
     * does. Before the start.
     */
    public static void add(final RelayServer server, final AuditLog audit, final ChangeLog changes) {
        final SessionsEndpoint sessions = new SessionsEndpoint(server.contexts());
        server.addView(SessionsEndpoint.PATH, sessions::list);
        server.addView(SessionsEndpoint.PATH + '/', sessions::one);
        server.addView(EndedEndpoint.PATH, new EndedEndpoint(audit.lastEnded()));
        server.addView(ChangesEndpoint.PATH, new ChangesEndpoint(changes));
        server.addChange(KickEndpoint.PATH, new KickEndpoint(server.contexts(), changes));
        server.addChange(NoticeEndpoint.PATH, new NoticeEndpoint(server.contexts(), changes));
        server.add(LogEndpoint.PATH, LogEndpoint.METHODS, new LogEndpoint(changes));
        server.add(DrainEndpoint.PATH, DrainEndpoint.METHODS, new DrainEndpoint(server, changes));
    }
}
