package penstock.edge.session;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import penstock.identity.ForeignRights;
import penstock.identity.Principal;

/**
 * What the ingest says of clients, by their credentials. What it has said over an earlier link counts until it has
 * answered the first report over the next one. Any thread, under one lock.
 */
final class EdgeRights implements ForeignRights {
    /** As many as an ingest remembers, twice: what an earlier link said, too. The oldest are forgotten. */
    static final int MAX = 40_000;

    /** {@code products} null: revoked. */
    private record Said(Set<String> products, int link) {
    }

    private final Map<String, Said> said = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(final Map.Entry<String, Said> eldest) {
            return size() > MAX;
        }
    };
    private int link;

    /** A link begins. */
    synchronized void onLink() {
        link++;
    }

    /** Who shows that credential has these products, and no others; null: is no client any more. */
    synchronized void put(final String client, final String credential, final Set<String> products) {
        final String key = key(client, credential);
        said.remove(key);
        said.put(key, new Said(products, link));
    }

    /** What the credential says counts again. */
    synchronized void remove(final String client, final String credential) {
        said.remove(key(client, credential));
    }

    /** The ingest has said all over this link; returns whether it did not repeat something. */
    synchronized boolean onAllSaid() {
        return said.values().removeIf(each -> each.link != link);
    }

    @Override
    public synchronized boolean isRevoked(final Principal principal) {
        final Said found = said.isEmpty() ? null : said.get(key(principal.id(), principal.credential()));
        return found != null && found.products == null;
    }

    @Override
    public synchronized Set<String> products(final Principal principal) {
        final Said found = said.isEmpty() ? null : said.get(key(principal.id(), principal.credential()));
        return found == null ? null : found.products;
    }

    private static String key(final String client, final String credential) {
        return client + '\n' + credential;
    }
}
