package io.github.xdevops.compose.host.ssh.sshj;

import net.schmizz.sshj.common.Message;
import net.schmizz.sshj.common.SSHPacket;
import net.schmizz.sshj.transport.TransportException;
import net.schmizz.sshj.userauth.UserAuthException;
import net.schmizz.sshj.userauth.method.AuthPassword;
import net.schmizz.sshj.userauth.password.PasswordFinder;
import net.schmizz.sshj.userauth.password.Resource;

/** Password authentication that sends the password only once. */
public final class PasswordAuth extends AuthPassword {
    public PasswordAuth(String password) {
        super(new Secret(password));
    }

    @Override
    public void handle(Message message, SSHPacket packet) throws UserAuthException, TransportException {
        if (message == Message.USERAUTH_60) {
            throw new Unanswerable("it requires a new password: log in by hand once");
        }
        super.handle(message, packet);
    }

    @Override
    public boolean shouldRetry() {
        return false;
    }

    /** The server asks a question that no setting answers. */
    public static final class Unanswerable extends UserAuthException {
        private static final long serialVersionUID = 1L;

        Unanswerable(String message) {
            super(message);
        }
    }

    private record Secret(String password) implements PasswordFinder {
        @Override
        public char[] reqPassword(Resource<?> resource) {
            return password.toCharArray();
        }

        @Override
        public boolean shouldRetry(Resource<?> resource) {
            return false;
        }

        @Override
        public String toString() {
            return "Secret";
        }
    }
}
