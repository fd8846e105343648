package penstock.identity;

import java.util.Set;

/** What another relay says of clients, which counts more than what this one knows. Any thread. */
public interface ForeignRights {
    /** Nothing is said. */
    ForeignRights NONE = new ForeignRights() {
        @Override
        public boolean isRevoked(final Principal principal) {
            return false;
        }

        @Override
        public Set<String> products(final Principal principal) {
            return null;
        }
    };

    /** Whether the one who shows this credential is no client any more. */
    boolean isRevoked(Principal principal);

    /** The names of its products; null if nothing is said of them. */
    Set<String> products(Principal principal);
}
