// Made by tools/openapi from the server's OpenAPI document. Do not edit.

export interface paths {
    "/api/v1/blobs/{blob_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Blob
         * @description The content. Values (results, arguments) come as JSON.
         */
        get: operations["get_blob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/config": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Config
         * @description The settings, with their revision as `ETag`.
         */
        get: operations["get_config"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Patch Config
         * @description Merge changes into the settings (RFC 7396): objects merge, `null` removes.
         */
        patch: operations["patch_config"];
        trace?: never;
    };
    "/api/v1/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Me
         * @description Who is signed in.
         */
        get: operations["me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List All Methods
         * @description Tools of all servers that are ready.
         */
        get: operations["list_all_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description What the scope sees, by key.
         */
        get: operations["list_models"];
        put?: never;
        /**
         * Add Model
         * @description Add a model.
         */
        post: operations["add_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description One model.
         */
        get: operations["get_model"];
        /**
         * Put Model
         * @description Write a model into this scope's document.
         */
        put: operations["put_model"];
        post?: never;
        /**
         * Remove Model
         * @description Remove a model of this scope's document.
         */
        delete: operations["remove_model"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Active Model
         * @description The model in use.
         */
        get: operations["get_active_model"];
        /**
         * Use Model
         * @description Choose the model in use.
         */
        put: operations["use_model"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/models/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Catalog
         * @description Ask the providers (or one of them) what they offer. Contacts them.
         */
        get: operations["get_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Prompt
         * @description The scope's own `prompt.json`, with its revision as `ETag`.
         */
        get: operations["get_prompt"];
        /**
         * Put Prompt
         * @description Replace it.
         */
        put: operations["put_prompt"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/prompt/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Prompt
         * @description What the model is told, piece by piece, each with its origin.
         */
        get: operations["preview_prompt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description What the scope sees, by id.
         */
        get: operations["list_providers"];
        put?: never;
        /**
         * Add Provider
         * @description Add a provider; its key goes into the secret store.
         */
        post: operations["add_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{provider_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Provider
         * @description One provider.
         */
        get: operations["get_provider"];
        /**
         * Put Provider
         * @description Write a provider of this scope. What is written here is accepted.
         */
        put: operations["put_provider"];
        post?: never;
        /**
         * Remove Provider
         * @description Remove a provider of this scope with its models.
         */
        delete: operations["remove_provider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{provider_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Provider
         * @description Accept a provider that was found in a workspace's file.
         */
        post: operations["accept_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/providers/{provider_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Provider
         * @description Ask the provider for its models: shows that address and key work.
         */
        post: operations["test_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Open Questions
         * @description Every open question of every scope, oldest first.
         */
        get: operations["list_open_questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Secrets
         * @description Names and hints, by name.
         */
        get: operations["list_secrets"];
        put?: never;
        /**
         * Set Secret
         * @description Keep a value, sealed.
         */
        post: operations["set_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Secret
         * @description Erase a value.
         */
        delete: operations["remove_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Newest update first.
         */
        get: operations["list_sessions"];
        put?: never;
        /**
         * Create Session
         * @description Begin a session.
         */
        post: operations["create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session
         * @description One session; `X-Event-Seq` is where to subscribe from.
         */
        get: operations["get_session"];
        put?: never;
        post?: never;
        /**
         * Delete Session
         * @description Stop what runs and move the session to the trash.
         */
        delete: operations["delete_session"];
        options?: never;
        head?: never;
        /**
         * Patch Session
         * @description Change what is given.
         */
        patch: operations["patch_session"];
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Session
         * @description Durable events after the cursor, open parts, then live; without a cursor live only.
         */
        get: operations["follow_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Session Questions
         * @description A session's questions, answered ones too, oldest first.
         */
        get: operations["list_session_questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/questions/{question_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Question
         * @description Answer an open question; its round goes on.
         */
        post: operations["answer_question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/rounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rounds
         * @description The path from the session's head, newest first; `X-Event-Seq` is where to subscribe from.
         */
        get: operations["list_rounds"];
        put?: never;
        /**
         * Ask
         * @description Ask. The request is durable when this answers; the answer comes on the session's topic.
         */
        post: operations["ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/rounds/{round_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Round
         * @description One round with all its turns.
         */
        get: operations["get_round"];
        put?: never;
        post?: never;
        /**
         * Remove Round
         * @description Take back a request that has not started.
         */
        delete: operations["remove_round"];
        options?: never;
        head?: never;
        /**
         * Edit Round
         * @description Change a request that has not started.
         */
        patch: operations["edit_round"];
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/rounds/{round_id}/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Continue Round
         * @description Go on after a limit, a pause, a stop or a failure.
         */
        post: operations["continue_round"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions/{session_id}/rounds/{round_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Round
         * @description End a round now; what was streamed stays.
         */
        post: operations["stop_round"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign In
         * @description Exchange a code for the cookie of a browser session. Each code works once.
         */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-in/codes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * New Sign In Code
         * @description Make a sign-in link: what `mandrake open` prints.
         */
        post: operations["new_sign_in_code"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Sign Out
         * @description End this browser's session.
         */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/system": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get System
         * @description What `mandrake doctor` shows.
         */
        get: operations["get_system"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Servers
         * @description Every definition of the scope with its server's status, in the document's order.
         */
        get: operations["list_servers"];
        put?: never;
        /**
         * Add Server
         * @description Add a server. What a person writes here is accepted.
         */
        post: operations["add_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server
         * @description One server.
         */
        get: operations["get_server"];
        /**
         * Put Server
         * @description Write a definition, new or not; it is accepted, and a running server follows it.
         */
        put: operations["put_server"];
        post?: never;
        /**
         * Remove Server
         * @description Stop and remove a server; its data folder stays.
         */
        delete: operations["remove_server"];
        options?: never;
        head?: never;
        /**
         * Switch Server
         * @description Switch a server on or off; its acceptance stays as it is.
         */
        patch: operations["switch_server"];
        trace?: never;
    };
    "/api/v1/tools/{server}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Server
         * @description Accept a definition that waits: exactly the one that was shown.
         */
        post: operations["accept_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server Logs
         * @description The newest lines, oldest first.
         */
        get: operations["get_server_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Methods
         * @description Tools of one server.
         */
        get: operations["list_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/methods/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Method
         * @description One tool, described.
         */
        get: operations["get_method"];
        put?: never;
        /**
         * Call Method
         * @description Call a tool on your own word: validated and judged like a model's call, and not asked.
         */
        post: operations["call_method"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart Server
         * @description Replace the running instance.
         */
        post: operations["restart_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Server
         * @description Start a server that is stopped or failed.
         */
        post: operations["start_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server Status
         * @description What the server is doing now.
         */
        get: operations["get_server_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/{server}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Server
         * @description Stop a server until it is started again or Mandrake restarts.
         */
        post: operations["stop_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Catalog
         * @description Preconfigured servers that fit this kind of scope.
         */
        get: operations["list_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/tools/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Servers
         * @description Take over another program's `mcpServers` block; secrets in it go into the secret store.
         */
        post: operations["import_servers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Workspaces
         * @description Every workspace, by name.
         */
        get: operations["list_workspaces"];
        put?: never;
        /**
         * Create Workspace
         * @description Make a workspace; a clone answers when it is complete.
         */
        post: operations["create_workspace"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Workspace
         * @description One workspace, by id or name.
         */
        get: operations["get_workspace"];
        put?: never;
        post?: never;
        /**
         * Delete Workspace
         * @description Move it to the trash (30 days), or erase it. The target of a link is never touched.
         */
        delete: operations["delete_workspace"];
        options?: never;
        head?: never;
        /**
         * Patch Workspace
         * @description Change what is given. A new name renames the folder; its servers are started anew.
         */
        patch: operations["patch_workspace"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/blobs/{blob_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Blob
         * @description The content. Values (results, arguments) come as JSON.
         */
        get: operations["workspace_get_blob"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List All Methods
         * @description Tools of all servers that are ready.
         */
        get: operations["workspace_list_all_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Models
         * @description What the scope sees, by key.
         */
        get: operations["workspace_list_models"];
        put?: never;
        /**
         * Add Model
         * @description Add a model.
         */
        post: operations["workspace_add_model"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Model
         * @description One model.
         */
        get: operations["workspace_get_model"];
        /**
         * Put Model
         * @description Write a model into this scope's document.
         */
        put: operations["workspace_put_model"];
        post?: never;
        /**
         * Remove Model
         * @description Remove a model of this scope's document.
         */
        delete: operations["workspace_remove_model"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/active": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Active Model
         * @description The model in use.
         */
        get: operations["workspace_get_active_model"];
        /**
         * Use Model
         * @description Choose the model in use.
         */
        put: operations["workspace_use_model"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/models/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Catalog
         * @description Ask the providers (or one of them) what they offer. Contacts them.
         */
        get: operations["workspace_get_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/prompt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Prompt
         * @description The scope's own `prompt.json`, with its revision as `ETag`.
         */
        get: operations["workspace_get_prompt"];
        /**
         * Put Prompt
         * @description Replace it.
         */
        put: operations["workspace_put_prompt"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/prompt/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Preview Prompt
         * @description What the model is told, piece by piece, each with its origin.
         */
        get: operations["workspace_preview_prompt"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/providers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Providers
         * @description What the scope sees, by id.
         */
        get: operations["workspace_list_providers"];
        put?: never;
        /**
         * Add Provider
         * @description Add a provider; its key goes into the secret store.
         */
        post: operations["workspace_add_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/providers/{provider_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Provider
         * @description One provider.
         */
        get: operations["workspace_get_provider"];
        /**
         * Put Provider
         * @description Write a provider of this scope. What is written here is accepted.
         */
        put: operations["workspace_put_provider"];
        post?: never;
        /**
         * Remove Provider
         * @description Remove a provider of this scope with its models.
         */
        delete: operations["workspace_remove_provider"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/providers/{provider_id}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Provider
         * @description Accept a provider that was found in a workspace's file.
         */
        post: operations["workspace_accept_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/providers/{provider_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Test Provider
         * @description Ask the provider for its models: shows that address and key work.
         */
        post: operations["workspace_test_provider"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/secrets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Secrets
         * @description Names and hints, by name.
         */
        get: operations["workspace_list_secrets"];
        put?: never;
        /**
         * Set Secret
         * @description Keep a value, sealed.
         */
        post: operations["workspace_set_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/secrets/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Remove Secret
         * @description Erase a value.
         */
        delete: operations["workspace_remove_secret"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Sessions
         * @description Newest update first.
         */
        get: operations["workspace_list_sessions"];
        put?: never;
        /**
         * Create Session
         * @description Begin a session.
         */
        post: operations["workspace_create_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Session
         * @description One session; `X-Event-Seq` is where to subscribe from.
         */
        get: operations["workspace_get_session"];
        put?: never;
        post?: never;
        /**
         * Delete Session
         * @description Stop what runs and move the session to the trash.
         */
        delete: operations["workspace_delete_session"];
        options?: never;
        head?: never;
        /**
         * Patch Session
         * @description Change what is given.
         */
        patch: operations["workspace_patch_session"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow Session
         * @description Durable events after the cursor, open parts, then live; without a cursor live only.
         */
        get: operations["workspace_follow_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/questions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Session Questions
         * @description A session's questions, answered ones too, oldest first.
         */
        get: operations["workspace_list_session_questions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/questions/{question_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Answer Question
         * @description Answer an open question; its round goes on.
         */
        post: operations["workspace_answer_question"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/rounds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Rounds
         * @description The path from the session's head, newest first; `X-Event-Seq` is where to subscribe from.
         */
        get: operations["workspace_list_rounds"];
        put?: never;
        /**
         * Ask
         * @description Ask. The request is durable when this answers; the answer comes on the session's topic.
         */
        post: operations["workspace_ask"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/rounds/{round_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Round
         * @description One round with all its turns.
         */
        get: operations["workspace_get_round"];
        put?: never;
        post?: never;
        /**
         * Remove Round
         * @description Take back a request that has not started.
         */
        delete: operations["workspace_remove_round"];
        options?: never;
        head?: never;
        /**
         * Edit Round
         * @description Change a request that has not started.
         */
        patch: operations["workspace_edit_round"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/rounds/{round_id}/continue": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Continue Round
         * @description Go on after a limit, a pause, a stop or a failure.
         */
        post: operations["workspace_continue_round"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/sessions/{session_id}/rounds/{round_id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Round
         * @description End a round now; what was streamed stays.
         */
        post: operations["workspace_stop_round"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/source": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Source
         * @description Branch, changes, newest commits and tree of `src`.
         */
        get: operations["get_source"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Servers
         * @description Every definition of the scope with its server's status, in the document's order.
         */
        get: operations["workspace_list_servers"];
        put?: never;
        /**
         * Add Server
         * @description Add a server. What a person writes here is accepted.
         */
        post: operations["workspace_add_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server
         * @description One server.
         */
        get: operations["workspace_get_server"];
        /**
         * Put Server
         * @description Write a definition, new or not; it is accepted, and a running server follows it.
         */
        put: operations["workspace_put_server"];
        post?: never;
        /**
         * Remove Server
         * @description Stop and remove a server; its data folder stays.
         */
        delete: operations["workspace_remove_server"];
        options?: never;
        head?: never;
        /**
         * Switch Server
         * @description Switch a server on or off; its acceptance stays as it is.
         */
        patch: operations["workspace_switch_server"];
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Accept Server
         * @description Accept a definition that waits: exactly the one that was shown.
         */
        post: operations["workspace_accept_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server Logs
         * @description The newest lines, oldest first.
         */
        get: operations["workspace_get_server_logs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/methods": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Methods
         * @description Tools of one server.
         */
        get: operations["workspace_list_methods"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/methods/{tool}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Method
         * @description One tool, described.
         */
        get: operations["workspace_get_method"];
        put?: never;
        /**
         * Call Method
         * @description Call a tool on your own word: validated and judged like a model's call, and not asked.
         */
        post: operations["workspace_call_method"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Restart Server
         * @description Replace the running instance.
         */
        post: operations["workspace_restart_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start Server
         * @description Start a server that is stopped or failed.
         */
        post: operations["workspace_start_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Get Server Status
         * @description What the server is doing now.
         */
        get: operations["workspace_get_server_status"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/{server}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Stop Server
         * @description Stop a server until it is started again or Mandrake restarts.
         */
        post: operations["workspace_stop_server"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/catalog": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * List Catalog
         * @description Preconfigured servers that fit this kind of scope.
         */
        get: operations["workspace_list_catalog"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/workspaces/{workspace}/tools/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Import Servers
         * @description Take over another program's `mcpServers` block; secrets in it go into the secret store.
         */
        post: operations["workspace_import_servers"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Health
         * @description `down` when nothing can be stored, `degraded` when a check failed; `GET /system` says why.
         */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Live
         * @description The process answers.
         */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Ready
         * @description Database and journal can be written.
         */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * Accept
         * @description Which definition is accepted: the `hash` that was shown.
         */
        Accept: {
            /** Hash */
            hash: string;
        };
        /**
         * Accepted
         * @description The request is stored and will be answered.
         */
        Accepted: {
            /** Round Id */
            round_id: string;
        };
        /**
         * ActiveModel
         * @description The model in use; nulls when none usable is chosen.
         */
        ActiveModel: {
            /** Key */
            key: string | null;
            model: components["schemas"]["ModelView"] | null;
            /**
             * Origin
             * @description Whose choice it is.
             */
            origin: ("installation" | "workspace") | null;
        };
        /**
         * AnnotationsView
         * @description What the server says about its tool; hints.
         */
        AnnotationsView: {
            /** Destructive */
            destructive: boolean | null;
            /** Idempotent */
            idempotent: boolean | null;
            /** Open World */
            open_world: boolean | null;
            /** Read Only */
            read_only: boolean | null;
            /** Title */
            title: string | null;
        };
        /**
         * ApprovalAnswer
         * @description May this call run?
         */
        ApprovalAnswer: {
            /**
             * Arguments
             * @description Arguments to use instead; they must fit the tool's schema.
             */
            arguments?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /**
             * Decision
             * @enum {string}
             */
            decision: "allow" | "deny";
            /**
             * Reason
             * @description What the model is told when the call is denied.
             */
            reason?: string | null;
            /**
             * Remember
             * @description `session`: this tool, until the session ends; `always`: written into `tools.json`.
             * @default once
             * @enum {string}
             */
            remember: "once" | "session" | "always";
        };
        /**
         * AskRound
         * @description A request.
         */
        AskRound: {
            /**
             * Content
             * @description Text, or a list of items.
             */
            content: string | components["schemas"]["TextItem"][];
            /** @description Bounds of this round instead of the installation's. */
            limits?: components["schemas"]["Limits"] | null;
            /**
             * Mode
             * @description `queue` waits its turn; `interrupt` stops what runs first.
             * @default queue
             * @enum {string}
             */
            mode: "queue" | "interrupt" | "steer";
            /**
             * Model
             * @description Model key; without one the scope's active model.
             */
            model?: string | null;
            /**
             * Parent Round Id
             * @description Makes a branch from this round; without it the session goes on from its head.
             */
            parent_round_id?: string | null;
        };
        /**
         * BoxDriver
         * @description A kind of isolation, and whether this machine has it.
         */
        BoxDriver: {
            /** Available */
            available: boolean;
            /** Detail */
            detail: string;
            /** Isolated */
            isolated: boolean;
            /** Kind */
            kind: string;
        };
        /**
         * BoxView
         * @description The isolation a server really runs in.
         */
        BoxView: {
            /** Isolated */
            isolated: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "engine" | "bwrap" | "landlock" | "process";
            /** Label */
            label: string;
        };
        /**
         * Call
         * @description Arguments of a direct call.
         */
        Call: {
            /**
             * Arguments
             * @default {}
             */
            arguments: {
                [key: string]: components["schemas"]["JsonValue"];
            };
        };
        /**
         * CallResult
         * @description What the server answered, unaltered.
         */
        CallResult: {
            /** Content */
            content: {
                [key: string]: components["schemas"]["JsonValue"];
            }[];
            /** Duration Ms */
            duration_ms: number;
            /** Is Error */
            is_error: boolean;
            /** Structured Content */
            structured_content?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
        };
        /**
         * Catalog
         * @description What the providers offer now.
         */
        Catalog: {
            /** Items */
            items: components["schemas"]["CatalogModel"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
            /**
             * Problems
             * @default []
             */
            problems: components["schemas"]["CatalogProblem"][];
        };
        /**
         * CatalogModel
         * @description A model that a provider offers.
         */
        CatalogModel: {
            /** Context Tokens */
            context_tokens: number | null;
            /** Max Output Tokens */
            max_output_tokens: number | null;
            /** Name */
            name: string;
            /** Provider */
            provider: string;
            /** Tools */
            tools: boolean | null;
        };
        /**
         * CatalogProblem
         * @description A provider that could not be asked.
         */
        CatalogProblem: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Provider */
            provider: string;
        };
        /**
         * CatalogServer
         * @description A preconfigured server.
         */
        CatalogServer: {
            /** Definition */
            definition: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Description */
            description: string;
            /** Key */
            key: string;
        };
        /** CatalogServerPage */
        CatalogServerPage: {
            /** Items */
            items: components["schemas"]["CatalogServer"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * ChangedFile
         * @description A file that differs from the last commit.
         */
        ChangedFile: {
            /** Path */
            path: string;
            /** Status */
            status: string;
        };
        /**
         * CheckView
         * @description One thing that `mandrake doctor` looks at.
         */
        CheckView: {
            /**
             * Cure
             * @description What to do about it.
             */
            cure: string | null;
            /** Detail */
            detail: string;
            /** Name */
            name: string;
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "warning" | "error";
        };
        /**
         * ChooseModel
         * @description The model to use; null in a workspace means the installation's.
         */
        ChooseModel: {
            /** Key */
            key: string | null;
        };
        /**
         * Commit
         * @description One commit of the current branch.
         */
        Commit: {
            /** At */
            at: string;
            /** Author */
            author: string;
            /** Hash */
            hash: string;
            /** Subject */
            subject: string;
        };
        /** ContextBuiltEvent */
        ContextBuiltEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ContextData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "context.built";
            /** V */
            v: number;
        };
        /**
         * ContextData
         * @description What the next turn sends.
         */
        ContextData: {
            /** @default null */
            cache: components["schemas"]["JsonValue"];
            /** Parts */
            parts: components["schemas"]["ContextPart"][];
            /** Tokens */
            tokens: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ContextPart
         * @description One part of what was sent to the model.
         */
        ContextPart: {
            /** Name */
            name: string;
            /**
             * Tokens
             * @default null
             */
            tokens: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * DocumentChangedData
         * @description A document has another revision.
         */
        DocumentChangedData: {
            /** Name */
            name: string;
            /** Revision */
            revision: string;
        } & {
            [key: string]: unknown;
        };
        /** DocumentChangedEvent */
        DocumentChangedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["DocumentChangedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "document.changed";
            /** V */
            v: number;
        };
        /**
         * EditRound
         * @description Another request for a round that has not started.
         */
        EditRound: {
            /** Content */
            content: string | components["schemas"]["TextItem"][];
        };
        /**
         * EffectsEntry
         * @description What a call of one tool may change, as judged by the person.
         */
        EffectsEntry: {
            /**
             * Effects
             * @description `read` changes nothing; `idempotent` may be repeated; `write` is neither.
             * @enum {string}
             */
            effects: "read" | "idempotent" | "write";
            /**
             * Network
             * @description Whether it reaches beyond this machine.
             * @default false
             */
            network: boolean;
        } & {
            [key: string]: unknown;
        };
        /**
         * EnvironmentReference
         * @description A value taken from the environment in which Mandrake was started.
         */
        EnvironmentReference: {
            /**
             * Env
             * @description Name of the variable.
             */
            env: string;
        };
        /**
         * ErrorFrame
         * @description A message could not be carried out, or a topic can't be followed.
         */
        ErrorFrame: {
            error: components["schemas"]["Problem"];
            /**
             * Topic
             * @default null
             */
            topic: string | null;
        };
        /**
         * ErrorInfo
         * @description Why something failed: a stable code and a sentence with the next step.
         */
        ErrorInfo: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /** Hint */
            hint?: string | null;
        };
        /**
         * EventsFrame
         * @description Events of a topic, in order.
         */
        EventsFrame: {
            /** Events */
            events: (components["schemas"]["SessionCreatedEvent"] | components["schemas"]["SessionUpdatedEvent"] | components["schemas"]["SessionDeletedEvent"] | components["schemas"]["RoundQueuedEvent"] | components["schemas"]["RoundRemovedEvent"] | components["schemas"]["RoundStartedEvent"] | components["schemas"]["RoundWaitingEvent"] | components["schemas"]["RoundPausedEvent"] | components["schemas"]["RoundCompletedEvent"] | components["schemas"]["RoundStoppedEvent"] | components["schemas"]["RoundFailedEvent"] | components["schemas"]["ContextBuiltEvent"] | components["schemas"]["ServersWaitingEvent"] | components["schemas"]["TurnStartedEvent"] | components["schemas"]["TurnRetryingEvent"] | components["schemas"]["TurnCompletedEvent"] | components["schemas"]["TurnInterruptedEvent"] | components["schemas"]["TurnFailedEvent"] | components["schemas"]["PartStartedEvent"] | components["schemas"]["PartDeltaEvent"] | components["schemas"]["PartSnapshotEvent"] | components["schemas"]["PartCompletedEvent"] | components["schemas"]["ToolRequestedEvent"] | components["schemas"]["ToolStartedEvent"] | components["schemas"]["ToolProgressEvent"] | components["schemas"]["ToolCompletedEvent"] | components["schemas"]["QuestionAskedEvent"] | components["schemas"]["QuestionResolvedEvent"] | components["schemas"]["DocumentChangedEvent"] | components["schemas"]["WorkspaceCreatedEvent"] | components["schemas"]["WorkspaceUpdatedEvent"] | components["schemas"]["WorkspaceDeletedEvent"] | components["schemas"]["ServerStatusEvent"] | components["schemas"]["ServerLogEvent"] | components["schemas"]["ToolsChangedEvent"])[];
            /** Topic */
            topic: string;
        };
        /**
         * FailureData
         * @description Why it failed.
         */
        FailureData: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
            /**
             * Hint
             * @default null
             */
            hint: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * FoundProvider
         * @description A provider that could be used with one click. Nothing is sent to it before.
         */
        FoundProvider: {
            /** Kind */
            kind: string;
            /**
             * Variable
             * @description Name of the variable of the environment that holds a key.
             */
            variable: string;
        };
        /**
         * Health
         * @description One word.
         */
        Health: {
            /**
             * Status
             * @enum {string}
             */
            status: "ok" | "degraded" | "down";
        };
        /**
         * HealthEntry
         * @description How often a running server is asked whether it answers.
         */
        HealthEntry: {
            /**
             * Interval Seconds
             * @description Seconds between two pings.
             * @default 30
             */
            interval_seconds: number;
            /**
             * Timeout Seconds
             * @description Seconds until an unanswered ping counts as a failure.
             * @default 5
             */
            timeout_seconds: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * ImportResult
         * @description What an import did. What was imported waits for review.
         */
        ImportResult: {
            /** Keys */
            keys: string[];
            /**
             * Renamed
             * @description Old name to key, where a name was no key.
             */
            renamed: {
                [key: string]: string;
            };
            /**
             * Secret Names
             * @description Values that were moved into the secret store.
             */
            secret_names: string[];
        };
        /**
         * InstallationDocument
         * @description Settings of the whole installation.
         */
        InstallationDocument: {
            /**
             * @description Bounds of a round in a scope that sets none of its own.
             * @default {
             *       "max_turns": 50,
             *       "max_seconds": 3600
             *     }
             */
            limits: components["schemas"]["RoundLimits"];
            /**
             * Metadata
             * @description Free notes of the owner or of other programs.
             * @default {}
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * Schema Version
             * @description Version of the document's shape. Absent means 1; a newer one than we know is refused.
             * @default 1
             */
            schema_version: number;
            /**
             * Telemetry
             * @description Whether anything about the use of this installation leaves the machine. Nothing does now.
             * @default false
             */
            telemetry: boolean;
            /**
             * Theme
             * @description How pages look until the browser itself was told otherwise.
             * @default system
             * @enum {string}
             */
            theme: "system" | "light" | "dark";
        } & {
            [key: string]: unknown;
        };
        JsonValue: unknown;
        /**
         * KeyView
         * @description Whether a key is set. The key itself is never shown.
         */
        KeyView: {
            /** Hint */
            hint: string;
            /** Set */
            set: boolean;
        };
        /**
         * Limits
         * @description Bounds of one round; None is unbounded. Meeting one pauses the round.
         */
        Limits: {
            /**
             * Max Seconds
             * @description Time spent in models and tools; waiting for a person does not count.
             * @default 3600
             */
            max_seconds: number | null;
            /**
             * Max Tokens
             * @description Input and output of all turns of the round, as far as the provider reports them.
             */
            max_tokens?: number | null;
            /**
             * Max Turns
             * @default 50
             */
            max_turns: number | null;
        };
        /**
         * LogLineView
         * @description One line of a server's output or about its protocol.
         */
        LogLineView: {
            /** At */
            at: string;
            /** Line */
            line: string;
            /** Stream */
            stream: string;
        };
        /** LogLineViewPage */
        LogLineViewPage: {
            /** Items */
            items: components["schemas"]["LogLineView"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * Me
         * @description Who is signed in.
         */
        Me: {
            organization: components["schemas"]["OrganizationView"];
            principal: components["schemas"]["PrincipalView"];
        };
        /**
         * Method
         * @description A tool of a server.
         */
        Method: {
            annotations: components["schemas"]["AnnotationsView"];
            /**
             * Approval
             * @description What happens when a model calls it.
             * @enum {string}
             */
            approval: "auto" | "ask" | "deny";
            /** Description */
            description: string;
            /**
             * Effects
             * @description As judged by Mandrake.
             * @enum {string}
             */
            effects: "read" | "idempotent" | "write";
            /** Input Schema */
            input_schema: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Network */
            network: boolean;
            /**
             * Qualified
             * @description `server.tool`.
             */
            qualified: string;
            /** Server */
            server: string;
            /** Tool */
            tool: string;
        };
        /** MethodPage */
        MethodPage: {
            /** Items */
            items: components["schemas"]["Method"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * ModelBody
         * @description A model as it is written.
         */
        ModelBody: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /** Model */
            model: string;
            /** @default {} */
            overrides: components["schemas"]["ModelOverrides"];
            /** Provider */
            provider: string;
            /** @default {} */
            settings: components["schemas"]["ModelSettingsEntry"];
        };
        /**
         * ModelOverrides
         * @description Corrections of what the catalogue says about the model; absent keeps the catalogue's.
         */
        ModelOverrides: {
            /**
             * Cache Read Usd
             * @description US dollars per million tokens read from the cache.
             */
            cache_read_usd?: number | null;
            /**
             * Cache Write Usd
             * @description US dollars per million tokens written to the cache.
             */
            cache_write_usd?: number | null;
            /**
             * Context Tokens
             * @description Size of the context window.
             */
            context_tokens?: number | null;
            /**
             * Images
             * @description Whether it can see images.
             */
            images?: boolean | null;
            /**
             * Input Usd
             * @description US dollars per million input tokens.
             */
            input_usd?: number | null;
            /**
             * Max Output Tokens
             * @description Longest answer the model can give.
             */
            max_output_tokens?: number | null;
            /**
             * Output Usd
             * @description US dollars per million output tokens.
             */
            output_usd?: number | null;
            /**
             * Tools
             * @description Whether it can call tools.
             */
            tools?: boolean | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ModelSettingsEntry
         * @description What is asked of the model; absent leaves it to the provider. Further keys are passed on.
         */
        ModelSettingsEntry: {
            /**
             * Max Output Tokens
             * @description Longest answer of one turn.
             */
            max_output_tokens?: number | null;
            /**
             * Reasoning
             * @description How much the model may think before it answers.
             */
            reasoning?: ("off" | "low" | "medium" | "high") | null;
            /**
             * Temperature
             * @description Randomness, 0 to 2.
             */
            temperature?: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ModelView
         * @description A model reached through a provider.
         */
        ModelView: {
            /**
             * Active
             * @description Whether it is the one in use.
             */
            active: boolean;
            /**
             * Enabled
             * @description Whether it may be chosen.
             */
            enabled: boolean;
            /** Key */
            key: string;
            /** Model */
            model: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "installation" | "workspace";
            overrides: components["schemas"]["ModelOverrides"];
            /** Provider */
            provider: string;
            settings: components["schemas"]["ModelSettingsEntry"];
            /**
             * Usable
             * @description Whether a round may run on it: switched on, and its provider is visible here.
             */
            usable: boolean;
        };
        /** ModelViewPage */
        ModelViewPage: {
            /** Items */
            items: components["schemas"]["ModelView"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * MountEntry
         * @description A folder or file that the server may reach.
         */
        MountEntry: {
            /**
             * Mode
             * @description Whether the server may write there.
             * @default ro
             * @enum {string}
             */
            mode: "ro" | "rw";
            /**
             * Source
             * @description Path on this machine: a variable, a path below one, or an absolute path.
             */
            source: string;
            /**
             * Target
             * @description Path inside the box; absent is the same path as outside.
             */
            target?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * NewModel
         * @description A model to add.
         */
        NewModel: {
            /**
             * Enabled
             * @default true
             */
            enabled: boolean;
            /** Key */
            key: string;
            /** Model */
            model: string;
            /** @default {} */
            overrides: components["schemas"]["ModelOverrides"];
            /** Provider */
            provider: string;
            /** @default {} */
            settings: components["schemas"]["ModelSettingsEntry"];
        };
        /**
         * NewProvider
         * @description A provider to add.
         */
        NewProvider: {
            /**
             * Api Key
             * @description A key, kept sealed; or `{"secret": name}`, `{"env": NAME}`. Left out it stays as it is;
             *     an empty text removes it.
             */
            api_key?: string | components["schemas"]["SecretReference"] | components["schemas"]["EnvironmentReference"] | null;
            /** Base Url */
            base_url?: string | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
        };
        /**
         * NewSecret
         * @description A value to keep; an older one of that name is gone.
         */
        NewSecret: {
            /** Name */
            name: string;
            /** Value */
            value: string;
        };
        /**
         * NewServer
         * @description A server to add.
         */
        NewServer: {
            definition: components["schemas"]["ServerEntry"];
            /** Key */
            key: string;
        };
        /**
         * NewSession
         * @description A session to begin.
         */
        NewSession: {
            /**
             * Title
             * @description Without one the first request gives it.
             */
            title?: string | null;
        };
        /**
         * NewSource
         * @description Where the source of a new workspace comes from.
         */
        NewSource: {
            /**
             * Kind
             * @default empty
             * @enum {string}
             */
            kind: "empty" | "clone" | "link";
            /**
             * Path
             * @description For `link`: an existing folder.
             */
            path?: string | null;
            /**
             * Url
             * @description For `clone`.
             */
            url?: string | null;
        };
        /**
         * NewWorkspace
         * @description A workspace to make.
         */
        NewWorkspace: {
            /**
             * Description
             * @default
             */
            description: string;
            /** Name */
            name: string;
            /**
             * @default {
             *       "kind": "empty"
             *     }
             */
            source: components["schemas"]["NewSource"];
        };
        /**
         * NoData
         * @description Nothing beside the envelope.
         */
        NoData: {
            [key: string]: unknown;
        };
        /**
         * OrganizationView
         * @description Where they act.
         */
        OrganizationView: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * Part
         * @description One piece of a turn, in stored order.
         */
        Part: {
            /**
             * Arguments
             * @description What will be or was sent: the person's version when they changed it.
             */
            arguments?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Duration Ms */
            duration_ms?: number | null;
            /** Index */
            index: number;
            /** Is Error */
            is_error?: boolean | null;
            /**
             * Is Open
             * @description Whether more text is still to come.
             * @default false
             */
            is_open: boolean;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "thinking" | "tool_call" | "user_note";
            /** Question Id */
            question_id?: string | null;
            /**
             * Result
             * @description `{content[], structured_content?}`, or `{preview, blob_id, bytes}` above 8 KB.
             */
            result?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Server */
            server?: string | null;
            /** Status */
            status?: ("requested" | "waiting" | "sent" | "done" | "failed" | "denied" | "cancelled" | "unknown") | null;
            /**
             * Text
             * @description Text, thinking or a note; for an open part what is known so far.
             */
            text?: string | null;
            /** Tool */
            tool?: string | null;
            /** Tool Call Id */
            tool_call_id?: string | null;
        };
        /**
         * PartCompletedData
         * @description A part is complete; text, thinking and notes come in full.
         */
        PartCompletedData: {
            /** Index */
            index: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "thinking" | "tool_call" | "user_note";
            /**
             * Text
             * @default null
             */
            text: string | null;
        } & {
            [key: string]: unknown;
        };
        /** PartCompletedEvent */
        PartCompletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["PartCompletedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.completed";
            /** V */
            v: number;
        };
        /**
         * PartDeltaData
         * @description More text of an open part.
         */
        PartDeltaData: {
            /** Index */
            index: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "thinking" | "tool_call" | "user_note";
            /**
             * Offset
             * @description UTF-16 code units before this text; a client drops what it already has.
             */
            offset: number;
            /** Text */
            text: string;
            /** Turn Id */
            turn_id: string;
        } & {
            [key: string]: unknown;
        };
        /** PartDeltaEvent */
        PartDeltaEvent: {
            /** At */
            at: string;
            data: components["schemas"]["PartDeltaData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.delta";
            /** V */
            v: number;
        };
        /**
         * PartSnapshotData
         * @description The whole text so far of an open part.
         */
        PartSnapshotData: {
            /** Index */
            index: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "thinking" | "tool_call" | "user_note";
            /** Text */
            text: string;
            /** Turn Id */
            turn_id: string;
        } & {
            [key: string]: unknown;
        };
        /** PartSnapshotEvent */
        PartSnapshotEvent: {
            /** At */
            at: string;
            data: components["schemas"]["PartSnapshotData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.snapshot";
            /** V */
            v: number;
        };
        /**
         * PartStartedData
         * @description A part of the answer begins.
         */
        PartStartedData: {
            /** Index */
            index: number;
            /**
             * Kind
             * @enum {string}
             */
            kind: "text" | "thinking" | "tool_call" | "user_note";
            /**
             * Tool Call Id
             * @default null
             */
            tool_call_id: string | null;
        } & {
            [key: string]: unknown;
        };
        /** PartStartedEvent */
        PartStartedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["PartStartedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "part.started";
            /** V */
            v: number;
        };
        /**
         * Ping
         * @description Ask for a sign of life.
         */
        Ping: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "ping";
        };
        /**
         * PongFrame
         * @description The answer to `ping`.
         */
        PongFrame: {
            /**
             * Op
             * @constant
             */
            op: "pong";
        };
        /**
         * PrincipalView
         * @description Who acts.
         */
        PrincipalView: {
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /** Name */
            name: string;
        };
        /**
         * Problem
         * @description Why a request failed (`application/problem+json`).
         */
        Problem: {
            /**
             * Code
             * @description Stable, for programs: a kind such as `conflict`, or narrower: `conflict.idempotency`.
             */
            code: string;
            /**
             * Detail
             * @description For a person; names the thing in backticks.
             */
            detail: string;
            /**
             * Errors
             * @default null
             */
            errors: components["schemas"]["ProblemField"][] | null;
            /**
             * Hint
             * @description The next step in one sentence.
             * @default null
             */
            hint: string | null;
            /** Status */
            status: number;
            /** Title */
            title: string;
            /** Type */
            type: string;
        };
        /**
         * ProblemField
         * @description What is wrong at one place of the input.
         */
        ProblemField: {
            /** Message */
            message: string;
            /**
             * Path
             * @description Dotted: `models.fast.provider`.
             */
            path: string;
        };
        /**
         * PromptDocument
         * @description What the model is told before everything else.
         */
        PromptDocument: {
            /**
             * Include Datetime
             * @description Whether date and time are told with the newest request.
             * @default true
             */
            include_datetime: boolean;
            /**
             * Include Installation
             * @description In a workspace: whether the installation's instructions and parts come before its own.
             * @default true
             */
            include_installation: boolean;
            /**
             * Include System Info
             * @description Whether the operating system and architecture are told.
             * @default true
             */
            include_system_info: boolean;
            /**
             * Include Workspace
             * @description Whether name, description and path of the workspace are told.
             * @default true
             */
            include_workspace: boolean;
            /**
             * Instructions
             * @description Markdown. Comes first; in a workspace it is added to the installation's.
             * @default
             */
            instructions: string;
            /**
             * Parts
             * @description Named parts, in the order in which they are sent.
             * @default []
             */
            parts: components["schemas"]["PromptPart"][];
            /**
             * Schema Version
             * @description Version of the document's shape. Absent means 1; a newer one than we know is refused.
             * @default 1
             */
            schema_version: number;
        } & {
            [key: string]: unknown;
        };
        /**
         * PromptPart
         * @description A named piece of the prompt that can be switched by itself.
         */
        PromptPart: {
            /**
             * Enabled
             * @description Whether it goes into the prompt.
             * @default true
             */
            enabled: boolean;
            /**
             * Name
             * @description Heading of the part; unique in the document.
             */
            name: string;
            /**
             * Text
             * @description Markdown.
             */
            text: string;
        } & {
            [key: string]: unknown;
        };
        /**
         * PromptPieceView
         * @description One piece, in the order in which it is sent.
         */
        PromptPieceView: {
            /** Enabled */
            enabled: boolean;
            /** Name */
            name: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "built-in" | "installation" | "workspace";
            /** Text */
            text: string;
            /**
             * Tokens
             * @description Estimated.
             */
            tokens: number;
        };
        /**
         * PromptPreview
         * @description The instructions as the next round will send them.
         */
        PromptPreview: {
            /** Include Datetime */
            include_datetime: boolean;
            /** Include System Info */
            include_system_info: boolean;
            /** Include Workspace */
            include_workspace: boolean;
            /** Pieces */
            pieces: components["schemas"]["PromptPieceView"][];
            /**
             * Text
             * @description Enabled pieces, joined.
             */
            text: string;
            /**
             * Tokens
             * @description Estimated, of `text`.
             */
            tokens: number;
        };
        /**
         * ProviderBody
         * @description A provider as it is written.
         */
        ProviderBody: {
            /**
             * Api Key
             * @description A key, kept sealed; or `{"secret": name}`, `{"env": NAME}`. Left out it stays as it is;
             *     an empty text removes it.
             */
            api_key?: string | components["schemas"]["SecretReference"] | components["schemas"]["EnvironmentReference"] | null;
            /** Base Url */
            base_url?: string | null;
            /** Kind */
            kind: string;
        };
        /**
         * ProviderTestResult
         * @description Whether a provider answers. A failure is a result, not an error.
         */
        ProviderTestResult: {
            /** Code */
            code?: string | null;
            /** Detail */
            detail?: string | null;
            /** Duration Ms */
            duration_ms: number;
            /** Hint */
            hint?: string | null;
            /**
             * Models
             * @default []
             */
            models: components["schemas"]["TestedModel"][];
            /** Ok */
            ok: boolean;
        };
        /**
         * ProviderView
         * @description An LLM service.
         */
        ProviderView: {
            /**
             * Accepted
             * @description Whether prompts may be sent to it; one found in a workspace's file waits for review.
             */
            accepted: boolean;
            api_key: components["schemas"]["KeyView"];
            /** Base Url */
            base_url: string | null;
            /** Id */
            id: string;
            /** Kind */
            kind: string;
            /**
             * Origin
             * @enum {string}
             */
            origin: "installation" | "workspace";
        };
        /** ProviderViewPage */
        ProviderViewPage: {
            /** Items */
            items: components["schemas"]["ProviderView"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * Question
         * @description Something that waits for a person.
         */
        Question: {
            /** Answer */
            answer: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Answered At */
            answered_at: string | null;
            /**
             * Asked At
             * Format: date-time
             */
            asked_at: string;
            /** Id */
            id: string;
            /**
             * Kind
             * @enum {string}
             */
            kind: "approval" | "unknown_outcome";
            /** Round Id */
            round_id: string;
            /** Session Id */
            session_id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "open" | "answered" | "cancelled";
            /** Subject */
            subject: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Tool Call Id */
            tool_call_id: string | null;
            /** Turn Id */
            turn_id: string | null;
            workspace?: components["schemas"]["WorkspaceRef"] | null;
        };
        /**
         * QuestionAskedData
         * @description Something waits for a person.
         */
        QuestionAskedData: {
            /** @default null */
            question: components["schemas"]["Question"] | null;
        } & {
            [key: string]: unknown;
        };
        /** QuestionAskedEvent */
        QuestionAskedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["QuestionAskedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "question.asked";
            /** V */
            v: number;
        };
        /** QuestionPage */
        QuestionPage: {
            /** Items */
            items: components["schemas"]["Question"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * QuestionResolvedData
         * @description It was answered, or is not needed any more.
         */
        QuestionResolvedData: {
            /**
             * Answer
             * @default null
             */
            answer: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Question Id */
            question_id: string;
            /**
             * Status
             * @enum {string}
             */
            status: "open" | "answered" | "cancelled";
        } & {
            [key: string]: unknown;
        };
        /** QuestionResolvedEvent */
        QuestionResolvedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["QuestionResolvedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "question.resolved";
            /** V */
            v: number;
        };
        /**
         * RequestView
         * @description What the person asked.
         */
        RequestView: {
            /** Content */
            content: components["schemas"]["TextItem"][];
        };
        /**
         * ResetFrame
         * @description The cursor can't be served: read the rounds again and go on from `seq`.
         */
        ResetFrame: {
            /**
             * Reset
             * @constant
             */
            reset: true;
            /** Seq */
            seq: number;
            /** Topic */
            topic: string;
        };
        /**
         * ResponseView
         * @description What was answered: turns in order.
         */
        ResponseView: {
            /** Turns */
            turns: components["schemas"]["Turn"][];
        };
        /**
         * ReviewView
         * @description A definition that waits to be accepted, with what it asks for.
         */
        ReviewView: {
            /**
             * Command
             * @description Program and arguments, or the address.
             */
            command: string[];
            /**
             * Hash
             * @description Send it with `accept`: exactly this definition is meant.
             */
            hash: string;
            /** Mounts */
            mounts: components["schemas"]["MountEntry"][];
            /** Network */
            network: string;
            /** Reason */
            reason: string;
            /**
             * Secrets
             * @description Names of secrets and variables that it would be given.
             */
            secrets: string[];
        };
        /**
         * Round
         * @description One request and its response.
         */
        Round: {
            /** Cost Usd */
            cost_usd: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            error?: components["schemas"]["ErrorInfo"] | null;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: string;
            limits: components["schemas"]["Limits"];
            /**
             * Model
             * @description Model key chosen for this round; None is the scope's active one.
             */
            model: string | null;
            /** Parent Round Id */
            parent_round_id: string | null;
            /** Pause Reason */
            pause_reason?: ("crash_loop" | "stale" | "limit_turns" | "limit_tokens" | "limit_time") | null;
            request: components["schemas"]["RequestView"];
            response: components["schemas"]["ResponseView"];
            /** Session Id */
            session_id: string;
            /**
             * Sibling Ids
             * @description Rounds with the same parent, this one included, oldest first.
             */
            sibling_ids: string[];
            /** Started At */
            started_at: string | null;
            /**
             * Status
             * @enum {string}
             */
            status: "queued" | "running" | "waiting" | "paused" | "completed" | "stopped" | "failed";
            usage: components["schemas"]["Usage"];
        };
        /** RoundCompletedEvent */
        RoundCompletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["TotalsData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.completed";
            /** V */
            v: number;
        };
        /**
         * RoundData
         * @description A round as it was queued.
         */
        RoundData: {
            /** @default null */
            round: components["schemas"]["Round"] | null;
        } & {
            [key: string]: unknown;
        };
        /** RoundFailedEvent */
        RoundFailedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["FailureData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.failed";
            /** V */
            v: number;
        };
        /**
         * RoundLimits
         * @description Bounds of one round; `null` means no bound. A round that meets one pauses.
         */
        RoundLimits: {
            /**
             * Max Seconds
             * @description Working time of one round; waiting for a person does not count.
             * @default 3600
             */
            max_seconds: number | null;
            /**
             * Max Tokens
             * @description Input and output tokens of one round together.
             */
            max_tokens?: number | null;
            /**
             * Max Turns
             * @description Model calls in one round.
             * @default 50
             */
            max_turns: number | null;
        } & {
            [key: string]: unknown;
        };
        /** RoundPage */
        RoundPage: {
            /** Items */
            items: components["schemas"]["Round"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * RoundPausedData
         * @description The round rests until someone continues it.
         */
        RoundPausedData: {
            /**
             * Reason
             * @enum {string}
             */
            reason: "crash_loop" | "stale" | "limit_turns" | "limit_tokens" | "limit_time";
        } & {
            [key: string]: unknown;
        };
        /** RoundPausedEvent */
        RoundPausedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["RoundPausedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.paused";
            /** V */
            v: number;
        };
        /** RoundQueuedEvent */
        RoundQueuedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["RoundData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.queued";
            /** V */
            v: number;
        };
        /** RoundRemovedEvent */
        RoundRemovedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["NoData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.removed";
            /** V */
            v: number;
        };
        /** RoundStartedEvent */
        RoundStartedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["NoData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.started";
            /** V */
            v: number;
        };
        /** RoundStoppedEvent */
        RoundStoppedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["NoData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.stopped";
            /** V */
            v: number;
        };
        /**
         * RoundWaitingData
         * @description The round waits for answers.
         */
        RoundWaitingData: {
            /** Question Ids */
            question_ids: string[];
        } & {
            [key: string]: unknown;
        };
        /** RoundWaitingEvent */
        RoundWaitingEvent: {
            /** At */
            at: string;
            data: components["schemas"]["RoundWaitingData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "round.waiting";
            /** V */
            v: number;
        };
        /**
         * SecretReference
         * @description A value kept in the secret store, named here.
         */
        SecretReference: {
            /**
             * Secret
             * @description Name in the secret store of this scope; the installation's is the fallback.
             */
            secret: string;
        };
        /**
         * SecretView
         * @description What may be shown of a secret.
         */
        SecretView: {
            /**
             * Hint
             * @description `…` and the last four characters, or empty when the value is short.
             */
            hint: string;
            /** Name */
            name: string;
            /**
             * Set
             * @default true
             */
            set: boolean;
            /** Updated At */
            updated_at: string;
        };
        /** SecretViewPage */
        SecretViewPage: {
            /** Items */
            items: components["schemas"]["SecretView"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * ServerBody
         * @description A definition as it is written.
         */
        ServerBody: {
            definition: components["schemas"]["ServerEntry"];
        };
        /**
         * ServerEntry
         * @description One tool server: a program to start, an address to reach, or an image to run.
         */
        ServerEntry: {
            /**
             * Allow Hosts
             * @description Host names for `allowlist`; `*.example.com` is every name below.
             * @default []
             */
            allow_hosts: string[];
            /**
             * Args
             * @description Arguments, one each; no shell reads them.
             * @default []
             */
            args: string[];
            /**
             * Autostart
             * @description Whether it starts with its scope; else at the first call.
             * @default true
             */
            autostart: boolean;
            /**
             * Box
             * @description Isolation; `auto` takes the strongest available and never `process`.
             * @default auto
             * @enum {string}
             */
            box: "auto" | "engine" | "bwrap" | "landlock" | "process";
            /**
             * Command
             * @description Program to start; `@mandrake/filesystem` and `@mandrake/git` are the shipped ones.
             */
            command?: string | null;
            /**
             * Cwd
             * @description Folder in which the program starts; absent is the server's own folder in `mcpdata`.
             */
            cwd?: string | null;
            /**
             * Enabled
             * @description Whether the server is used. In the file: `disabled`.
             * @default true
             */
            enabled: boolean;
            /**
             * Env
             * @description Environment of the server: nothing is inherited.
             * @default {}
             */
            env: {
                [key: string]: string | components["schemas"]["SecretReference"] | components["schemas"]["EnvironmentReference"];
            };
            /**
             * Headers
             * @description Headers sent to `url`.
             * @default {}
             */
            headers: {
                [key: string]: string | components["schemas"]["SecretReference"] | components["schemas"]["EnvironmentReference"];
            };
            /**
             * @description How a running server is watched.
             * @default {
             *       "interval_seconds": 30,
             *       "timeout_seconds": 5
             *     }
             */
            health: components["schemas"]["HealthEntry"];
            /**
             * Image
             * @description Container image; `command` and `args` then run inside.
             */
            image?: string | null;
            /**
             * @description Bounds of memory, processes and processors.
             * @default {}
             */
            limits: components["schemas"]["ServerLimits"];
            /**
             * Mounts
             * @description What the server may reach; nothing else of the disk.
             * @default []
             */
            mounts: components["schemas"]["MountEntry"][];
            /**
             * Network
             * @description Which network the server has; `allowlist` means `allow_hosts`.
             * @default none
             * @enum {string}
             */
            network: "none" | "allowlist" | "open";
            /**
             * @description Which tools are used, and how.
             * @default {
             *       "deny": [],
             *       "approval": {},
             *       "effects": {}
             *     }
             */
            tools: components["schemas"]["ToolChoices"];
            /**
             * Trust Annotations
             * @description Whether the server's own claims about its tools' effects are believed. Bound to this
             *     definition: a changed one must be accepted again.
             * @default false
             */
            trust_annotations: boolean;
            /**
             * Url
             * @description Address of a server that runs elsewhere (Streamable HTTP, or HTTP with SSE).
             */
            url?: string | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ServerLimits
         * @description Bounds of the server's whole process tree; `null` leaves the box's own default.
         */
        ServerLimits: {
            /**
             * Cpus
             * @description Processors, as a fraction: 0.5 is half of one.
             */
            cpus?: number | null;
            /**
             * Memory Mb
             * @description Memory in mebibytes.
             */
            memory_mb?: number | null;
            /**
             * Pids
             * @description Processes and threads.
             */
            pids?: number | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * ServerLogData
         * @description A line of a server's output.
         */
        ServerLogData: {
            /** At */
            at: string;
            /** Line */
            line: string;
            /** Server */
            server: string;
            /** Stream */
            stream: string;
        } & {
            [key: string]: unknown;
        };
        /** ServerLogEvent */
        ServerLogEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ServerLogData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "server.log";
            /** V */
            v: number;
        };
        /**
         * ServerPatch
         * @description Switch a server on or off.
         */
        ServerPatch: {
            /** Enabled */
            enabled: boolean;
        };
        /**
         * ServerStatusData
         * @description A tool server changed its state.
         */
        ServerStatusData: {
            /**
             * Detail
             * @default null
             */
            detail: string | null;
            /**
             * Last Error
             * @default null
             */
            last_error: string | null;
            /** Server */
            server: string;
            /**
             * Status
             * @enum {string}
             */
            status: "stopped" | "starting" | "ready" | "degraded" | "needs_auth" | "needs_review" | "failed" | "stopping" | "disabled";
            /**
             * Tool Count
             * @default null
             */
            tool_count: number | null;
        } & {
            [key: string]: unknown;
        };
        /** ServerStatusEvent */
        ServerStatusEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ServerStatusData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "server.status";
            /** V */
            v: number;
        };
        /**
         * ServersWaitingData
         * @description A round waits for tool servers that are starting.
         */
        ServersWaitingData: {
            /** Servers */
            servers: components["schemas"]["StartingServer"][];
        } & {
            [key: string]: unknown;
        };
        /** ServersWaitingEvent */
        ServersWaitingEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ServersWaitingData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "servers.waiting";
            /** V */
            v: number;
        };
        /**
         * Session
         * @description A conversation.
         */
        Session: {
            /** Archived */
            archived: boolean;
            /** Cost Usd */
            cost_usd: number | null;
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Head Round Id */
            head_round_id: string | null;
            /** Id */
            id: string;
            /** Open Question Count */
            open_question_count: number;
            /** Overrides */
            overrides: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /** Pinned */
            pinned: boolean;
            /** Round Count */
            round_count: number;
            /**
             * Status
             * @enum {string}
             */
            status: "idle" | "running" | "waiting" | "paused";
            /** Tags */
            tags: string[];
            /**
             * Title
             * @description None until the first round made one or a person gave one.
             */
            title: string | null;
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
            usage: components["schemas"]["Usage"];
        };
        /** SessionCreatedEvent */
        SessionCreatedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["SessionData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "session.created";
            /** V */
            v: number;
        };
        /**
         * SessionData
         * @description A session as it is now.
         */
        SessionData: {
            /** @default null */
            session: components["schemas"]["Session"] | null;
        } & {
            [key: string]: unknown;
        };
        /**
         * SessionDeletedData
         * @description A session is gone; its id stands in the envelope.
         */
        SessionDeletedData: {
            [key: string]: unknown;
        };
        /** SessionDeletedEvent */
        SessionDeletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["SessionDeletedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "session.deleted";
            /** V */
            v: number;
        };
        /** SessionPage */
        SessionPage: {
            /** Items */
            items: components["schemas"]["Session"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * SessionPatch
         * @description What is to change; what is left out stays.
         */
        SessionPatch: {
            /** Archived */
            archived?: boolean | null;
            /**
             * Head Round Id
             * @description The newest round of the path to show and go on from.
             */
            head_round_id?: string | null;
            /** Overrides */
            overrides?: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Pinned */
            pinned?: boolean | null;
            /** Tags */
            tags?: string[] | null;
            /** Title */
            title?: string | null;
        };
        /** SessionUpdatedEvent */
        SessionUpdatedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["SessionData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "session.updated";
            /** V */
            v: number;
        };
        /**
         * SignIn
         * @description A code from the fragment of a sign-in link.
         */
        SignIn: {
            /** Code */
            code: string;
        };
        /**
         * SignInLink
         * @description A code for one sign-in within ten minutes.
         */
        SignInLink: {
            /** Code */
            code: string;
            /** Url */
            url: string;
        };
        /**
         * SourceView
         * @description A source tree at one moment.
         */
        SourceView: {
            /** Ahead */
            ahead?: number | null;
            /** Behind */
            behind?: number | null;
            /** Branch */
            branch?: string | null;
            /**
             * Changes
             * @default []
             */
            changes: components["schemas"]["ChangedFile"][];
            /**
             * Commits
             * @default []
             */
            commits: components["schemas"]["Commit"][];
            /** Head */
            head?: string | null;
            /**
             * Kind
             * @enum {string}
             */
            kind: "repository" | "folder" | "missing";
            /** Problem */
            problem?: string | null;
            /**
             * Tree
             * @default []
             */
            tree: string[];
            /**
             * Truncated
             * @default false
             */
            truncated: boolean;
        };
        /**
         * StartingServer
         * @description A server that is not ready yet.
         */
        StartingServer: {
            /**
             * Detail
             * @description What it is doing: `installing …`; null while it merely starts.
             */
            detail: string | null;
            /** Server */
            server: string;
        } & {
            [key: string]: unknown;
        };
        StreamClientMessage: components["schemas"]["Subscribe"] | components["schemas"]["Unsubscribe"] | components["schemas"]["Ping"];
        StreamEvent: components["schemas"]["SessionCreatedEvent"] | components["schemas"]["SessionUpdatedEvent"] | components["schemas"]["SessionDeletedEvent"] | components["schemas"]["RoundQueuedEvent"] | components["schemas"]["RoundRemovedEvent"] | components["schemas"]["RoundStartedEvent"] | components["schemas"]["RoundWaitingEvent"] | components["schemas"]["RoundPausedEvent"] | components["schemas"]["RoundCompletedEvent"] | components["schemas"]["RoundStoppedEvent"] | components["schemas"]["RoundFailedEvent"] | components["schemas"]["ContextBuiltEvent"] | components["schemas"]["ServersWaitingEvent"] | components["schemas"]["TurnStartedEvent"] | components["schemas"]["TurnRetryingEvent"] | components["schemas"]["TurnCompletedEvent"] | components["schemas"]["TurnInterruptedEvent"] | components["schemas"]["TurnFailedEvent"] | components["schemas"]["PartStartedEvent"] | components["schemas"]["PartDeltaEvent"] | components["schemas"]["PartSnapshotEvent"] | components["schemas"]["PartCompletedEvent"] | components["schemas"]["ToolRequestedEvent"] | components["schemas"]["ToolStartedEvent"] | components["schemas"]["ToolProgressEvent"] | components["schemas"]["ToolCompletedEvent"] | components["schemas"]["QuestionAskedEvent"] | components["schemas"]["QuestionResolvedEvent"] | components["schemas"]["DocumentChangedEvent"] | components["schemas"]["WorkspaceCreatedEvent"] | components["schemas"]["WorkspaceUpdatedEvent"] | components["schemas"]["WorkspaceDeletedEvent"] | components["schemas"]["ServerStatusEvent"] | components["schemas"]["ServerLogEvent"] | components["schemas"]["ToolsChangedEvent"];
        StreamServerFrame: components["schemas"]["EventsFrame"] | components["schemas"]["ResetFrame"] | components["schemas"]["ErrorFrame"] | components["schemas"]["PongFrame"];
        /**
         * Subscribe
         * @description Follow a topic: durable events after `after`, open parts, then live.
         */
        Subscribe: {
            /**
             * After
             * @description Last durable event that was seen; without it the topic starts live.
             * @default null
             */
            after: number | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "sub";
            /** Topic */
            topic: string;
        };
        /**
         * SystemReport
         * @description The installation as it runs now.
         */
        SystemReport: {
            /** Box Drivers */
            box_drivers: components["schemas"]["BoxDriver"][];
            /** Checks */
            checks: components["schemas"]["CheckView"][];
            /** Home */
            home: string;
            /** Pid */
            pid: number;
            /** Providers Found */
            providers_found: components["schemas"]["FoundProvider"][];
            /**
             * Rehearsal Active
             * @description The installation's active model is scripted and no AI.
             */
            rehearsal_active: boolean;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /** Version */
            version: string;
        };
        /**
         * TestedModel
         * @description A model that the provider offers.
         */
        TestedModel: {
            /** Context Tokens */
            context_tokens: number | null;
            /** Max Output Tokens */
            max_output_tokens: number | null;
            /** Name */
            name: string;
            /** Tools */
            tools: boolean | null;
        };
        /**
         * TextItem
         * @description Text a person wrote.
         */
        TextItem: {
            /** Text */
            text: string;
            /**
             * Type
             * @default text
             * @constant
             */
            type: "text";
        };
        /**
         * ToolChoices
         * @description Which of the server's tools are used, and how.
         */
        ToolChoices: {
            /**
             * Allow
             * @description Only these tools; `null` is all of them.
             */
            allow?: string[] | null;
            /**
             * Approval
             * @description By tool: run (`auto`), ask a person, refuse. Absent: the judged effects decide.
             * @default {}
             */
            approval: {
                [key: string]: "auto" | "ask" | "deny";
            };
            /**
             * Deny
             * @description Never these; wins over `allow`.
             * @default []
             */
            deny: string[];
            /**
             * Effects
             * @description By tool: overrides what the server says about itself. A bare word reaches no network.
             * @default {}
             */
            effects: {
                [key: string]: components["schemas"]["EffectsEntry"] | ("read" | "idempotent" | "write");
            };
        } & {
            [key: string]: unknown;
        };
        /**
         * ToolCompletedData
         * @description A call ended.
         */
        ToolCompletedData: {
            /**
             * Duration Ms
             * @default null
             */
            duration_ms: number | null;
            /** Is Error */
            is_error: boolean;
            /**
             * Result
             * @default null
             */
            result: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /**
             * Status
             * @enum {string}
             */
            status: "requested" | "waiting" | "sent" | "done" | "failed" | "denied" | "cancelled" | "unknown";
            /** Tool Call Id */
            tool_call_id: string;
        } & {
            [key: string]: unknown;
        };
        /** ToolCompletedEvent */
        ToolCompletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ToolCompletedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.completed";
            /** V */
            v: number;
        };
        /**
         * ToolProgressData
         * @description What a server says while it works.
         */
        ToolProgressData: {
            /**
             * Message
             * @default null
             */
            message: string | null;
            /** Progress */
            progress: number;
            /** Tool Call Id */
            tool_call_id: string;
            /**
             * Total
             * @default null
             */
            total: number | null;
        } & {
            [key: string]: unknown;
        };
        /** ToolProgressEvent */
        ToolProgressEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ToolProgressData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.progress";
            /** V */
            v: number;
        };
        /**
         * ToolRequestedData
         * @description The model asks for a tool call.
         */
        ToolRequestedData: {
            /**
             * Arguments
             * @default null
             */
            arguments: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Index */
            index: number;
            /** Server */
            server: string | null;
            /** Tool */
            tool: string;
            /** Tool Call Id */
            tool_call_id: string;
        } & {
            [key: string]: unknown;
        };
        /** ToolRequestedEvent */
        ToolRequestedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ToolRequestedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.requested";
            /** V */
            v: number;
        };
        /**
         * ToolsChangedData
         * @description A server offers other tools than before.
         */
        ToolsChangedData: {
            /** Server */
            server: string;
        } & {
            [key: string]: unknown;
        };
        /** ToolsChangedEvent */
        ToolsChangedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ToolsChangedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tools.changed";
            /** V */
            v: number;
        };
        /**
         * ToolServer
         * @description A tool server: its definition, and what it is doing.
         */
        ToolServer: {
            box: components["schemas"]["BoxView"] | null;
            /**
             * Definition
             * @description The entry of `tools.json`; secrets are references.
             */
            definition: {
                [key: string]: components["schemas"]["JsonValue"];
            };
            /**
             * Detail
             * @description What is going on, while it starts.
             */
            detail: string | null;
            /** Enabled */
            enabled: boolean;
            /** Key */
            key: string;
            /** Last Error */
            last_error: string | null;
            /** Pid */
            pid: number | null;
            /** Protocol Version */
            protocol_version: string | null;
            /** Restart Count */
            restart_count: number;
            review: components["schemas"]["ReviewView"] | null;
            /** Shipped */
            shipped: boolean;
            /**
             * Status
             * @enum {string}
             */
            status: "stopped" | "starting" | "ready" | "degraded" | "needs_auth" | "needs_review" | "failed" | "stopping" | "disabled";
            /** Tool Count */
            tool_count: number;
            /** Uptime Seconds */
            uptime_seconds: number | null;
        };
        /** ToolServerPage */
        ToolServerPage: {
            /** Items */
            items: components["schemas"]["ToolServer"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
        /**
         * ToolStartedData
         * @description A call was sent, with these arguments.
         */
        ToolStartedData: {
            /**
             * Arguments
             * @default null
             */
            arguments: {
                [key: string]: components["schemas"]["JsonValue"];
            } | null;
            /** Tool Call Id */
            tool_call_id: string;
        } & {
            [key: string]: unknown;
        };
        /** ToolStartedEvent */
        ToolStartedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["ToolStartedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "tool.started";
            /** V */
            v: number;
        };
        /**
         * TotalsData
         * @description Tokens and cost.
         */
        TotalsData: {
            /** Cost Usd */
            cost_usd: number | null;
            usage: components["schemas"]["Usage"];
        } & {
            [key: string]: unknown;
        };
        /**
         * Turn
         * @description One model call.
         */
        Turn: {
            /** Cost Usd */
            cost_usd: number | null;
            error?: components["schemas"]["ErrorInfo"] | null;
            /** Finish Reason */
            finish_reason: string | null;
            /** Finished At */
            finished_at: string | null;
            /** Id */
            id: string;
            /** Index */
            index: number;
            /** Model */
            model: string;
            /** Parts */
            parts: components["schemas"]["Part"][];
            /** Provider */
            provider: string;
            /**
             * Started At
             * Format: date-time
             */
            started_at: string;
            /**
             * Status
             * @enum {string}
             */
            status: "streaming" | "completed" | "interrupted" | "failed";
            usage: components["schemas"]["Usage"];
        };
        /**
         * TurnCompletedData
         * @description A model call ended well.
         */
        TurnCompletedData: {
            /** Cost Usd */
            cost_usd: number | null;
            /** Finish Reason */
            finish_reason: string | null;
            usage: components["schemas"]["Usage"];
        } & {
            [key: string]: unknown;
        };
        /** TurnCompletedEvent */
        TurnCompletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["TurnCompletedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.completed";
            /** V */
            v: number;
        };
        /** TurnFailedEvent */
        TurnFailedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["FailureData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.failed";
            /** V */
            v: number;
        };
        /** TurnInterruptedEvent */
        TurnInterruptedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["NoData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.interrupted";
            /** V */
            v: number;
        };
        /**
         * TurnRetryingData
         * @description A model call failed and is tried again.
         */
        TurnRetryingData: {
            /** Attempt */
            attempt: number;
            /** Detail */
            detail: string;
            /** Max Attempts */
            max_attempts: number;
            /** Wait Seconds */
            wait_seconds: number;
        } & {
            [key: string]: unknown;
        };
        /** TurnRetryingEvent */
        TurnRetryingEvent: {
            /** At */
            at: string;
            data: components["schemas"]["TurnRetryingData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.retrying";
            /** V */
            v: number;
        };
        /**
         * TurnStartedData
         * @description A model call begins.
         */
        TurnStartedData: {
            /** Index */
            index: number;
            /** Model */
            model: string;
            /** Provider */
            provider: string;
        } & {
            [key: string]: unknown;
        };
        /** TurnStartedEvent */
        TurnStartedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["TurnStartedData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "turn.started";
            /** V */
            v: number;
        };
        /**
         * UnknownOutcomeAnswer
         * @description A call was sent and Mandrake ended before its answer came.
         */
        UnknownOutcomeAnswer: {
            /**
             * Decision
             * @description `retry` sends it again; `report` tells the model that the outcome is unknown.
             * @enum {string}
             */
            decision: "retry" | "report";
        };
        /**
         * Unsubscribe
         * @description Stop following a topic.
         */
        Unsubscribe: {
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            op: "unsub";
            /** Topic */
            topic: string;
        };
        /**
         * Usage
         * @description Tokens of one or more model calls.
         */
        Usage: {
            /**
             * Cache Read Tokens
             * @description Part of `input_tokens` that came from the provider's cache.
             */
            cache_read_tokens?: number | null;
            /**
             * Cache Write Tokens
             * @description Part of `input_tokens` that was written to the provider's cache.
             */
            cache_write_tokens?: number | null;
            /**
             * Input Tokens
             * @description Everything sent, cached tokens included.
             */
            input_tokens?: number | null;
            /**
             * Output Tokens
             * @description Everything generated, reasoning included.
             */
            output_tokens?: number | null;
            /**
             * Reasoning Tokens
             * @description Part of `output_tokens` that was thinking.
             */
            reasoning_tokens?: number | null;
        };
        /** WorkspaceCreatedEvent */
        WorkspaceCreatedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["WorkspaceData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "workspace.created";
            /** V */
            v: number;
        };
        /**
         * WorkspaceData
         * @description A workspace was made, changed or removed.
         */
        WorkspaceData: {
            /**
             * Workspace Id
             * @default null
             */
            workspace_id: string | null;
        } & {
            [key: string]: unknown;
        };
        /** WorkspaceDeletedEvent */
        WorkspaceDeletedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["WorkspaceData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "workspace.deleted";
            /** V */
            v: number;
        };
        /**
         * WorkspacePatch
         * @description What is to change; what is left out stays.
         */
        WorkspacePatch: {
            /** Description */
            description?: string | null;
            /** Metadata */
            metadata?: {
                [key: string]: string;
            } | null;
            /** Name */
            name?: string | null;
        };
        /**
         * WorkspaceProblemView
         * @description Something about a workspace that a person should mend.
         */
        WorkspaceProblemView: {
            /** Code */
            code: string;
            /** Detail */
            detail: string;
        };
        /**
         * WorkspaceRef
         * @description Which workspace something belongs to.
         */
        WorkspaceRef: {
            /** Id */
            id: string;
            /** Name */
            name: string;
        };
        /**
         * WorkspaceSourceView
         * @description Where the source is.
         */
        WorkspaceSourceView: {
            /**
             * Kind
             * @enum {string}
             */
            kind: "empty" | "clone" | "link";
            /** Path */
            path: string;
            /** Url */
            url?: string | null;
        };
        /** WorkspaceUpdatedEvent */
        WorkspaceUpdatedEvent: {
            /** At */
            at: string;
            data: components["schemas"]["WorkspaceData"];
            /**
             * Round Id
             * @default null
             */
            round_id: string | null;
            /**
             * Seq
             * @description Only durable events have one: per topic, dense, never reused.
             * @default null
             */
            seq: number | null;
            /**
             * Session Id
             * @default null
             */
            session_id: string | null;
            /** Topic */
            topic: string;
            /**
             * Turn Id
             * @default null
             */
            turn_id: string | null;
            /**
             * @description discriminator enum property added by openapi-typescript
             * @enum {string}
             */
            type: "workspace.updated";
            /** V */
            v: number;
        };
        /**
         * WorkspaceView
         * @description An isolated project.
         */
        WorkspaceView: {
            /**
             * Created At
             * Format: date-time
             */
            created_at: string;
            /** Description */
            description: string;
            /** Id */
            id: string;
            /** Last Activity At */
            last_activity_at: string | null;
            /** Metadata */
            metadata: {
                [key: string]: string;
            };
            /** Name */
            name: string;
            /** Problems */
            problems: components["schemas"]["WorkspaceProblemView"][];
            /** Session Count */
            session_count: number;
            source: components["schemas"]["WorkspaceSourceView"];
            /**
             * State
             * @description Whether its servers and sessions are loaded; looking at it opens it.
             * @enum {string}
             */
            state: "open" | "closed";
            /**
             * Updated At
             * Format: date-time
             */
            updated_at: string;
        };
        /** WorkspaceViewPage */
        WorkspaceViewPage: {
            /** Items */
            items: components["schemas"]["WorkspaceView"][];
            /**
             * Next Cursor
             * @description Pass it as `cursor` for the next page; null at the end.
             */
            next_cursor?: string | null;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    get_blob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                blob_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_config: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallationDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_config: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: components["schemas"]["JsonValue"];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstallationDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_all_methods: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MethodPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_models: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewModel"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_active_model: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveModel"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    use_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseModel"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveModel"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_catalog: {
        parameters: {
            query?: {
                provider?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_prompt: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptDocument"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preview_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptPreview"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_providers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProvider"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    test_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTestResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_open_questions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_secrets: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    set_secret: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSecret"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                archived?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
                /** @description Part of the title. */
                query?: string;
                /** @description Newest update first; the only order so far. */
                sort?: "-updated_at";
                tag?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_session: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewSession"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_session: {
        parameters: {
            query?: {
                /** @description Erase it with its content. */
                purge?: boolean;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    follow_session: {
        parameters: {
            query?: {
                /** @description Last durable event seen. */
                after?: number | null;
            };
            header?: {
                "last-event-id"?: string | null;
            };
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_session_questions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    answer_question: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                question_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalAnswer"] | components["schemas"]["UnknownOutcomeAnswer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Question"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_rounds: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
                /** @description `all` is every branch, newest first. */
                path?: "head" | "all";
            };
            header?: never;
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoundPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    ask: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRound"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    edit_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditRound"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    continue_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignIn"];
            };
        };
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    new_sign_in_code: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInLink"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_system: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SystemReport"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_servers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServerPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    add_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewServer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    put_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServerBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    remove_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    switch_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServerPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    accept_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accept"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_server_logs: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLineViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_methods: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MethodPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_method: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                tool: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Method"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    call_method: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                tool: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Call"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    restart_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    start_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_server_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_catalog: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogServerPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    import_servers: {
        parameters: {
            query?: {
                /** @description Overwrite servers of the same key. */
                replace?: boolean;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: components["schemas"]["JsonValue"];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    list_workspaces: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    create_workspace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewWorkspace"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_workspace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    delete_workspace: {
        parameters: {
            query?: {
                files?: "keep" | "remove";
                purge?: boolean;
            };
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    patch_workspace: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["WorkspacePatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkspaceView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_blob: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                blob_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_all_methods: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MethodPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_models: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_add_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewModel"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                key: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_put_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                key: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ModelBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_remove_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                key: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_active_model: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveModel"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_use_model: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChooseModel"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ActiveModel"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_catalog: {
        parameters: {
            query?: {
                provider?: string | null;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Catalog"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_put_prompt: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PromptDocument"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptDocument"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_preview_prompt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PromptPreview"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_providers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_add_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewProvider"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_put_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                provider_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ProviderBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_remove_provider: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                provider_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_accept_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_test_provider: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                provider_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProviderTestResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_secrets: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_set_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewSecret"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SecretView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_remove_secret: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                name: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_sessions: {
        parameters: {
            query?: {
                archived?: boolean;
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
                /** @description Part of the title. */
                query?: string;
                /** @description Newest update first; the only order so far. */
                sort?: "-updated_at";
                tag?: string | null;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_create_session: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["NewSession"] | null;
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_delete_session: {
        parameters: {
            query?: {
                /** @description Erase it with its content. */
                purge?: boolean;
            };
            header?: never;
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_patch_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SessionPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_follow_session: {
        parameters: {
            query?: {
                /** @description Last durable event seen. */
                after?: number | null;
            };
            header?: {
                "last-event-id"?: string | null;
            };
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_session_questions: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["QuestionPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_answer_question: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                question_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ApprovalAnswer"] | components["schemas"]["UnknownOutcomeAnswer"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Question"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_rounds: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
                /** @description `all` is every branch, newest first. */
                path?: "head" | "all";
            };
            header?: never;
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RoundPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_ask: {
        parameters: {
            query?: never;
            header?: {
                "idempotency-key"?: string | null;
            };
            path: {
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AskRound"];
            };
        };
        responses: {
            /** @description Successful Response */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Accepted"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_remove_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_edit_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EditRound"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_continue_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_stop_round: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                round_id: string;
                session_id: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Round"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    get_source: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceView"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_servers: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServerPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_add_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewServer"];
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_put_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServerBody"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_remove_server: {
        parameters: {
            query?: never;
            header?: {
                "if-match"?: string | null;
            };
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_switch_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ServerPatch"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_accept_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Accept"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_server_logs: {
        parameters: {
            query?: {
                limit?: number;
            };
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LogLineViewPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_methods: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MethodPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_method: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                tool: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Method"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_call_method: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                tool: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Call"];
            };
        };
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CallResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_restart_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_start_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_get_server_status: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_stop_server: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                server: string;
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ToolServer"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_list_catalog: {
        parameters: {
            query?: {
                /** @description `next_cursor` of the page before. */
                cursor?: string | null;
                /** @description At most this many items. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CatalogServerPage"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    workspace_import_servers: {
        parameters: {
            query?: {
                /** @description Overwrite servers of the same key. */
                replace?: boolean;
            };
            header?: never;
            path: {
                /** @description Id (`ws_…`) or name of a workspace. */
                workspace: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    [key: string]: components["schemas"]["JsonValue"];
                };
            };
        };
        responses: {
            /** @description Successful Response */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportResult"];
                };
            };
            /** @description A problem */
            default: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Successful Response */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Service Unavailable */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
}
