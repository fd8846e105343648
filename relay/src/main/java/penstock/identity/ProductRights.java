package penstock.identity;

import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** What is left of the products of principals. Any thread. */
public interface ProductRights {
    /** Nothing is taken away. */
    ProductRights ALL = new ProductRights() {
        private final CompletableFuture<Void> done = CompletableFuture.completedFuture(null);

        @Override
        public CompletableFuture<Void> ask(final String id) {
            return done;
        }

        @Override
        public Set<String> left(final Principal principal) {
            return principal.products();
        }

        @Override
        public Runnable onSession(final String id) {
            return () -> { };
        }
    };

    /** Completes when it is known what is left to a principal, or when it took too long to find out. Never fails. */
    CompletableFuture<Void> ask(String id);

    /** What is left of the principal's products now; never more. Nothing, if that is not known. */
    Set<String> left(Principal principal);

    /** The principal has one session more, which learns of changes; the result ends that. */
    Runnable onSession(String id);
}
