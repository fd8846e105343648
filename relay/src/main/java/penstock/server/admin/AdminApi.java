package penstock.server.admin;

import penstock.audit.AuditLog;
import penstock.server.RelayServer;

/** The requests of the operator that every relay serves. Stateless. */
public final class AdminApi {
    private AdminApi() {
    }

    /** Adds them to {@code server}; {@code audit} knows how sessions ended. Before the start. */
    public static void add(final RelayServer server, final AuditLog audit) {
        final SessionsEndpoint sessions = new SessionsEndpoint(server.contexts());
        server.addView(SessionsEndpoint.PATH, sessions::list);
        server.addView(SessionsEndpoint.PATH + '/', sessions::one);
        server.addView(EndedEndpoint.PATH, new EndedEndpoint(audit.lastEnded()));
        server.addChange(KickEndpoint.PATH, new KickEndpoint(server.contexts()));
        server.addChange(NoticeEndpoint.PATH, new NoticeEndpoint(server.contexts()));
        server.add(LogEndpoint.PATH, LogEndpoint.METHODS, new LogEndpoint());
        server.add(DrainEndpoint.PATH, DrainEndpoint.METHODS, new DrainEndpoint(server));
    }
}
