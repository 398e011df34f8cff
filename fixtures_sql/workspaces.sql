-- Two tenants: whatever is asked about the first, nothing of the second may show.
INSERT INTO workspace (id, name) VALUES
    ('00000000000000000000000000000001', 'Atelier'),
    ('00000000000000000000000000000002', 'Neighbour');
