package io.github.xdevops.compose.doctor;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The network as it is seen from this machine. */
interface Internet {
    /** The addresses of a name; empty if it has none. */
    List<InetAddress> resolve(String name);

    /** Whether a port takes connections. */
    boolean isOpen(InetAddress address, int port);

    /**
     * The certificate that a server shows for a name, whoever signed it.
     *
     * @throws IOException if there is none
     */
    X509Certificate certificate(InetAddress address, int port, String name) throws IOException;

    /** The network of this machine. */
    static Internet real() {
        return new Real();
    }

    /** Plain sockets. */
    final class Real implements Internet {
        private static final Duration PATIENCE = Duration.ofSeconds(3);

        @Override
        public List<InetAddress> resolve(String name) {
            try {
                return List.of(InetAddress.getAllByName(name));
            } catch (UnknownHostException e) {
                return List.of();
            }
        }

        @Override
        public boolean isOpen(InetAddress address, int port) {
            try (var socket = new Socket()) {
                socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        @Override
        public X509Certificate certificate(InetAddress address, int port, String name) throws IOException {
            try (var plain = new Socket()) {
                plain.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
                plain.setSoTimeout((int) PATIENCE.toMillis());
                try (var socket = (SSLSocket) trustingAll().getSocketFactory().createSocket(plain, name, port, true)) {
                    var parameters = socket.getSSLParameters();
                    parameters.setServerNames(List.of(new SNIHostName(name)));
                    socket.setSSLParameters(parameters);
                    socket.startHandshake();
                    if (socket.getSession().getPeerCertificates()[0] instanceof X509Certificate certificate) {
                        return certificate;
                    }
                    throw new IOException("no X.509 certificate");
                }
            }
        }

        private static SSLContext trustingAll() throws IOException {
            try {
                var context = SSLContext.getInstance("TLS");
                context.init(null, new TrustManager[] {new Anyone()}, new SecureRandom());
                return context;
            } catch (GeneralSecurityException e) {
                throw new IOException(e);
            }
        }

        /** Nothing is sent over these connections: only the certificate is looked at, whoever signed it. */
        private static final class Anyone extends X509ExtendedTrustManager {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
                return new X509Certificate[0];
            }
        }
    }
}
